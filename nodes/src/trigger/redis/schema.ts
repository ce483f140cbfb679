// Settings of the Redis trigger.
import { credentialField } from "../../credentials/credentialField.ts";
import { z } from "../../schema.ts";
import { fromField, inOrder } from "../fields.ts";

export const schema = z.strictObject({
  credential: credentialField(["redis"], "Server to listen to.").optional(),
  connection: z
    .string()
    .min(1)
    .optional()
    .describe("Address instead of a connection: redis://host:6379/0, or rediss:// with encryption.")
    .meta({ format: "password" }),
  kind: z
    .enum(["stream", "channels"])
    .default("stream")
    .describe(
      "stream: nothing is lost. channels (pub/sub): what comes while nobody listens is lost, as always there.",
    ),
  stream: z.string().min(1).max(1000).optional().describe("Stream: its key."),
  group: z
    .string()
    .min(1)
    .max(200)
    .default("auraos")
    .describe("Stream: the consumer group. One per workflow."),
  from: fromField,
  count: z.int().min(1).max(1000).default(100).describe("Stream: entries taken at once."),
  channels: z
    .array(z.string().min(1).max(1000))
    .min(1)
    .max(100)
    .optional()
    .describe("Channels: their names; * in a name stands for anything."),
  inOrder,
});
