// Publishes an event on the bus of the organization. Its id comes from the effect, so a second attempt is the same event.
import type { Item, Json, JsonObject, Outputs } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, defineNode } from "../../defineNode.ts";
import { nodeErrors } from "../../errors/nodeErrors.ts";
import { readConfig } from "../../readConfig.ts";
import { anyValue, z } from "../../schema.ts";

const schema = z.strictObject({
  type: z
    .string()
    .min(1)
    .max(255)
    .describe("Type of the event: words joined by dots, such as order.created."),
  subject: z.string().max(500).optional().describe("What it is about, such as the id of the order."),
  key: z.string().max(200).optional().describe("Events of one key stay in order. Default: the subject."),
  data: anyValue().optional().describe("Data of the event. Default: the item."),
  id: z
    .string()
    .max(255)
    .optional()
    .describe("Id of the event; published again it is the same event. Default: one per execution and item."),
});

export const eventPublish = defineNode({
  type: "event.publish",
  version: 1,
  name: "Publish event",
  description:
    "Publishes an event; workflows that start with or wait for such an event get it. Gives the item on, with the event's id and position.",
  icon: "megaphone",
  category: "action",
  effect: "idempotent",
  per: "item",
  ports: ["main"],
  errors: nodeErrors([], "events"),
  schema,
  example: { type: "order.paid", subject: "{{ $json.orderId }}", data: { amount: "{{ $json.amount }}" } },
  run,
});

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const { type, subject, key, data, id } = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  const event: JsonObject = {
    id: id ?? call.idempotencyKey.slice(0, 255),
    type,
    ...(subject === undefined ? {} : { subject }),
    ...(key === undefined ? {} : { partitionkey: key }),
    time: new Date(call.nowMs).toISOString(),
    datacontenttype: "application/json",
    data: (data === undefined ? item.json : data) as Json,
  };
  const placed = await context.publish(event);
  return { main: { items: [{ ...item, json: { id: placed.id, position: placed.position, type } }] } };
}
