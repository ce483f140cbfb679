// Starts an execution from a hosted form. The server shows the form; the kernel gives what was sent as one item.
import { type ConfigProblem, isObject, type JsonObject } from "@auraos/kernel";
import { defineNode } from "../../defineNode.ts";
import { noTemplates } from "../plainFields.ts";
import { schema } from "./schema.ts";

export const formTrigger = defineNode({
  type: "trigger.form",
  version: 1,
  name: "Form",
  description:
    "Starts the workflow when somebody sends its form. Gives one item: the fields, submittedAt, and the files that were chosen.",
  icon: "clipboard-list",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema,
  example: {
    path: "feedback",
    title: "Feedback",
    pages: [
      {
        fields: [
          { name: "email", label: "E-mail", type: "email", required: true },
          { name: "rating", label: "How was it?", type: "choice", options: ["Good", "Fair", "Poor"] },
          { name: "text", label: "What should be better?", type: "textarea" },
        ],
      },
    ],
  },
  checkConfig: (config) => [...noTemplates(config), ...checkFields(config)],
});

function checkFields({ pages }: JsonObject): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const seen = new Set<string>();
  for (const [at, page] of (Array.isArray(pages) ? pages : []).entries()) {
    const fields = isObject(page) && Array.isArray(page.fields) ? page.fields : [];
    for (const [place, field] of fields.entries()) {
      if (!isObject(field)) continue;
      const path = `pages.${at}.fields.${place}`;
      const name = String(field.name);
      if (seen.has(name) || name === "submittedAt")
        problems.push({
          field: `${path}.name`,
          code: "FIELD_TWICE",
          message: `The name "${name}" is taken.`,
          remedy: "Give every field of the form another name.",
        });
      seen.add(name);
      if ((field.type === "select" || field.type === "choice") && field.options === undefined)
        problems.push({
          field: `${path}.options`,
          code: "FIELD_MISSING",
          message: `The field "${name}" has nothing to choose from.`,
          remedy: "Give it options.",
        });
    }
  }
  return problems;
}
