// Asks somebody on a hosted page while the workflow runs. The kernel waits; the server shows the page and checks what is
// sent. Several of them in a row lead their reader from one page to the next.
import { type ConfigProblem, type JsonObject, portsFrom } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { secondsField } from "../schema.ts";
import { fieldProblems } from "../trigger/form/checkFields.ts";
import { schema } from "../trigger/form/schema.ts";

export const formNode = defineNode({
  type: "form",
  version: 1,
  name: "Form page",
  description:
    "Stops and asks on a hosted page, whose address stands with the execution. Goes on with one item: the fields, submittedAt, and the files that were chosen. After a form, its reader is led on to this page.",
  icon: "clipboard-pen",
  category: "action",
  structure: "wait",
  effect: "pure",
  per: "list",
  ports: portsFrom([{ port: "main" }, { port: "timeout", when: { timeoutSeconds: true } }]),
  schema: schema.omit({ path: true }).extend({
    timeoutSeconds: secondsField("After this time without an answer the timeout port goes on.").optional(),
  }),
  example: {
    title: "Delivery of order {{ $json.id }}",
    pages: [
      {
        fields: [
          { name: "day", label: "When does it suit you?", type: "date", required: true },
          { name: "note", label: "Anything we should know?", type: "textarea" },
        ],
      },
    ],
    timeoutSeconds: 604800,
  },
  checkConfig: (config: JsonObject): ConfigProblem[] => fieldProblems(config),
});
