// Starts an execution for events of the bus. The server matches and delivers; the kernel gives the events as items.
import type { ConfigProblem, JsonObject } from "@auraos/kernel";
import { defineNode } from "../../defineNode.ts";
import { conditionField, secondsField, z } from "../../schema.ts";
import { noTemplates } from "../plainFields.ts";

export const eventTrigger = defineNode({
  type: "trigger.event",
  version: 1,
  name: "Event",
  description:
    "Starts the workflow when an event of the bus fits. Gives the event: id, source, type, subject, time, position and data.",
  icon: "radio",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  rawFields: ["filter", "key"],
  schema: z.strictObject({
    types: z
      .array(z.string().min(1).max(255))
      .min(1)
      .max(50)
      .describe(
        "Types that start it, such as order.created. * stands for one word, ** for any number of words.",
      ),
    filter: conditionField("Only events for which this is true; $json is the event.").optional(),
    key: z
      .string()
      .max(2000)
      .optional()
      .describe("What belongs together, such as the customer. Default: partitionkey, else the subject.")
      .meta({ format: "template" }),
    flow: z
      .enum(["each", "ordered", "singleton", "debounce", "throttle", "rateLimit", "batch"])
      .default("each")
      .describe(
        "each: at once. ordered: one after the other per key. singleton: dropped while one of the key runs. debounce: the last one, when it is quiet. throttle: queued at a rate. rateLimit: dropped above a rate. batch: several in one execution.",
      ),
    quietSeconds: secondsField("Debounce: how long nothing must come.").optional(),
    maxWaitSeconds: secondsField("Debounce: the longest wait, however much comes.").optional(),
    limit: z.int().min(1).max(100_000).optional().describe("Throttle and rate limit: this many ..."),
    perSeconds: secondsField("... in this time, per key.").optional(),
    burst: z.int().min(1).max(10_000).optional().describe("Throttle: this many at once after a pause."),
    size: z.int().min(1).max(1000).optional().describe("Batch: at most this many events."),
    waitSeconds: secondsField("Batch: the longest time the first one waits for others.").optional(),
  }),
  example: {
    types: ["order.*"],
    filter: "{{ $json.data.amount > 100 }}",
    key: "{{ $json.data.customer }}",
    flow: "ordered",
  },
  checkConfig: (config) => [...noTemplates(config, ["filter", "key"]), ...missing(config)],
});

const needed: Record<string, readonly string[]> = {
  debounce: ["quietSeconds"],
  throttle: ["limit", "perSeconds"],
  rateLimit: ["limit", "perSeconds"],
  batch: ["size", "waitSeconds"],
};

function missing(config: JsonObject): ConfigProblem[] {
  return (needed[String(config.flow)] ?? [])
    .filter((field) => config[field] === undefined)
    .map((field) => ({
      field,
      code: "FIELD_MISSING",
      message: `The flow ${String(config.flow)} needs "${field}".`,
      remedy: `Fill in "${field}".`,
    }));
}
