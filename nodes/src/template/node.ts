// One text of all items: a line for each, with something before, between and after.
import type { Json, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { setPath } from "../paths.ts";
import { readConfig } from "../readConfig.ts";
import { anyValue, pathField, z } from "../schema.ts";

const schema = z.strictObject({
  each: anyValue().describe(
    "Text for each item, such as {{ $json.name }}: {{ $json.amount }}. Evaluated item by item.",
  ),
  separator: z
    .string()
    .default("\n")
    .describe("What stands between the texts of two items. Default: a line break."),
  before: z.string().default("").describe("Text before the first item."),
  after: z.string().default("").describe("Text after the last item."),
  whenEmpty: z.string().default("").describe("The whole text when there are no items."),
  skipEmpty: z.boolean().default(false).describe("Leave out items whose text is empty."),
  into: pathField("Field for the text.").default("text"),
});

export const templateNode = defineNode({
  type: "template",
  version: 1,
  name: "Text of items",
  description:
    "Writes one text of all items, such as a list for a message: a part for each item, and what surrounds them.",
  icon: "scroll-text",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  onEmpty: "run",
  lazyFields: ["each"],
  schema,
  example: {
    before: "Open orders:\n",
    each: "- {{ $json.number }}: {{ $json.total }} EUR",
    whenEmpty: "No open orders.",
  },
  evaluate: write,
});

function write(call: PureCall): Outputs {
  const { each: _, ...given } = call.config;
  const config = readConfig(schema, { ...given, each: "" });
  const parts = call.items.map((_, index) => textOf(call.at("each", index)));
  const shown = config.skipEmpty ? parts.filter((part) => part !== "") : parts;
  const text =
    shown.length === 0 ? config.whenEmpty : config.before + shown.join(config.separator) + config.after;
  const json = { items: shown.length };
  setPath(json, config.into, text);
  return { main: { items: [{ json }], lineage: [call.items.map((_, index) => index)] } };
}

/** As a template inside a text writes values: nothing for null, JSON for data. */
function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
