// Endpoints of variables.
import { endpoint } from "./endpoint.ts";
import * as v from "./variable.ts";
import { z } from "./zod.ts";

const tag = "Variables";
/** What is no name is said by the action, with its reason. */
const params = z.object({ name: z.string().max(400).describe("Name of the variable.") });

export const variableEndpoints = {
  listVariables: endpoint({
    method: "get",
    path: "/api/v1/variables",
    action: "variable.read",
    tag,
    summary: "All variables by name",
    description: "There are at most 500, with at most 256 KB together.",
    reply: v.variableList,
  }),
  putVariable: endpoint({
    method: "put",
    path: "/api/v1/variables/:name",
    action: "variable.write",
    tag,
    summary: "Create or replace a variable",
    description: "Executions that began before keep the value they began with.",
    params,
    body: { kind: "json", schema: v.variableBody },
    reply: v.variable,
    also: {
      409: "There are too many, or they are too large together.",
      422: "The name is none, or the value is too large.",
    },
  }),
  deleteVariable: endpoint({
    method: "delete",
    path: "/api/v1/variables/:name",
    action: "variable.write",
    tag,
    summary: "Delete a variable",
    description: "Expressions that read it get no value from then on.",
    params,
    status: 204,
  }),
};
