// Markdown to HTML for mails and pages, and HTML to Markdown for people and models to read.
import type { Item, Outputs, PureCall } from "@auraos/kernel";
import MarkdownIt from "markdown-it";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { textAt, withField } from "../fieldValues.ts";
import { parseHtml, select } from "../html/parse.ts";
import { toMarkdown } from "../html/readable.ts";
import { boundText } from "../malformed.ts";
import { readConfig } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";

const schema = z.strictObject({
  operation: z.enum(["toHtml", "fromHtml"]).default("toHtml").describe("Which way."),
  field: pathField("Field with the text.").default("text"),
  into: pathField("Field for the result. Default: html, or markdown.").optional(),
  links: z.boolean().default(true).describe("To HTML: make links of addresses in the text."),
  breaks: z.boolean().default(false).describe("To HTML: a line break in the text is one in the HTML."),
  selector: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe("From HTML: CSS selector of the part to take, such as main."),
});

export const markdownNode = defineNode({
  type: "markdown",
  version: 1,
  name: "Markdown",
  description:
    "Makes HTML of Markdown, or Markdown of HTML. HTML inside Markdown is shown, never passed on, so text of strangers is safe.",
  icon: "square-m",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID", "DATA_MALFORMED", "TEXT_TOO_LONG"]),
  schema,
  example: { operation: "toHtml", field: "answer", into: "mailBody" },
  evaluate: convert,
});

function convert(call: PureCall): Outputs {
  const { operation, field, into, links, breaks, selector } = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  const text = boundText(textAt(item, field), field);
  if (operation === "toHtml") {
    const html = new MarkdownIt({ html: false, linkify: links, breaks }).render(text);
    return { main: { items: [withField(item, into ?? "html", html)] } };
  }
  const page = parseHtml(text);
  const parts = selector === undefined ? [page] : select(page, selector, "selector");
  const markdown = parts.map((part) => toMarkdown(part.children)).join("\n\n");
  return { main: { items: [withField(item, into ?? "markdown", markdown)] } };
}
