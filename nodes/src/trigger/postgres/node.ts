// Starts an execution for new rows of a PostgreSQL table, or for what is told on a channel.
import type { ConfigProblem, JsonObject } from "@auraos/kernel";
import { defineNode } from "../../defineNode.ts";
import { noTemplates } from "../plainFields.ts";
import { listen } from "./listen.ts";
import { schema } from "./schema.ts";

export const postgresTrigger = defineNode({
  type: "trigger.postgres",
  version: 1,
  name: "PostgreSQL",
  description:
    "Starts the workflow for each new row of a table, or for each NOTIFY on a channel. Gives the row; or channel, payload and data.",
  icon: "database",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  rawFields: ["credential"],
  credentials: ["postgres"],
  schema,
  example: {
    credential: "Shop database",
    kind: "rows",
    table: "orders",
    column: "id",
  },
  checkConfig: (config) => [...noTemplates(config), ...missing(config)],
  listen,
});

function missing(config: JsonObject): ConfigProblem[] {
  const needed = config.kind === "listen" ? ["channel"] : ["table", "column"];
  const without = config.credential === undefined && config.connection === undefined ? ["credential"] : [];
  return [...without, ...needed]
    .filter((field) => config[field] === undefined)
    .map((field) => ({
      field,
      code: "FIELD_MISSING",
      message: `The trigger needs "${field}".`,
      remedy: `Fill in "${field}".`,
    }));
}
