// Starts an execution for entries of a Redis stream, or messages of its channels.
import type { ConfigProblem, JsonObject } from "@auraos/kernel";
import { defineNode } from "../../defineNode.ts";
import { noTemplates } from "../plainFields.ts";
import { listen } from "./listen.ts";
import { schema } from "./schema.ts";

export const redisTrigger = defineNode({
  type: "trigger.redis",
  version: 1,
  name: "Redis",
  description:
    "Starts the workflow for each entry of a Redis stream (consumer group, acknowledged once it is durable here) or message of a channel. Gives stream, id and fields; or channel, message and data.",
  icon: "layers",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  rawFields: ["credential"],
  credentials: ["redis"],
  schema,
  example: {
    credential: "Shop cache",
    kind: "stream",
    stream: "orders",
    group: "billing",
  },
  checkConfig: (config) => [...noTemplates(config), ...missing(config)],
  listen,
});

function missing(config: JsonObject): ConfigProblem[] {
  if (config.credential === undefined && config.connection === undefined)
    return [
      {
        field: "credential",
        code: "FIELD_MISSING",
        message: "There is no server to listen to.",
        remedy: "Choose a connection.",
      },
    ];
  const field = config.kind === "channels" ? "channels" : "stream";
  if (config[field] !== undefined) return [];
  const message = field === "stream" ? `A stream needs "stream".` : `Channels need "channels".`;
  return [{ field, code: "FIELD_MISSING", message, remedy: `Fill in "${field}".` }];
}
