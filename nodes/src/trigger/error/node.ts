// Starts an execution when an execution of another workflow fails. The engine does it, once, for workflows whose
// setting `errorWorkflow` names this one; here it is only described.
import { defineNode } from "../../defineNode.ts";
import { z } from "../../schema.ts";

export const errorTrigger = defineNode({
  type: "trigger.error",
  version: 1,
  name: "Error of a workflow",
  description:
    "Starts the workflow when one that names it as its error workflow fails. Gives one item: the execution, its workflow and the error.",
  icon: "siren",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  schema: z.strictObject({}),
  example: {},
});
