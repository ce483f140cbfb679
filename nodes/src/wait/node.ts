// A pause: for a time, until a moment, for a signal or for a call to a resume address. The kernel waits.
import { type ConfigProblem, type JsonObject, portsFrom } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { secondsField, z } from "../schema.ts";

export const waitNode = defineNode({
  type: "wait",
  version: 1,
  name: "Wait",
  description:
    "Waits for a time, until a moment, for a signal or for a call to its resume address. Waiting costs nothing.",
  icon: "hourglass",
  category: "action",
  structure: "wait",
  effect: "pure",
  per: "list",
  ports: portsFrom([
    { port: "main" },
    { port: "timeout", when: { for: ["signal", "webhook"], timeoutSeconds: true } },
  ]),
  schema: z.strictObject({
    for: z.enum(["duration", "until", "signal", "webhook"]).describe("What is waited for."),
    seconds: z.number().nonnegative().optional().describe("Length of the pause (for: duration)."),
    until: z.string().optional().describe("Moment as ISO 8601 time (for: until)."),
    signal: z.string().min(1).optional().describe("Name of the signal (for: signal)."),
    timeoutSeconds: secondsField(
      "How long to wait for the signal or call; then the timeout port goes on. Default: without end.",
    ).optional(),
  }),
  example: { for: "signal", signal: "order-{{ $json.id }}-paid", timeoutSeconds: 3600 },
  checkConfig: needed,
});

function needed(config: JsonObject): ConfigProblem[] {
  const fields: Record<string, string> = { duration: "seconds", until: "until", signal: "signal" };
  const field = fields[String(config.for)];
  if (field === undefined || config[field] !== undefined) return [];
  return [
    {
      field,
      code: "FIELD_MISSING",
      message: `Waiting for a ${String(config.for)} needs "${field}".`.replace(
        "for a until",
        "until a moment",
      ),
      remedy: `Fill in "${field}".`,
    },
  ];
}
