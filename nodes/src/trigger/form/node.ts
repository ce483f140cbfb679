// Starts an execution from a hosted form. The server shows the form; the kernel gives what was sent as one item.
import { defineNode } from "../../defineNode.ts";
import { noTemplates } from "../plainFields.ts";
import { fieldProblems } from "./checkFields.ts";
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
  checkConfig: (config) => [...noTemplates(config), ...fieldProblems(config)],
});
