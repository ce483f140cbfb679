// Triggers that listen to something outside, and how they are.
import { instant, page } from "./common.ts";
import { z } from "./zod.ts";

export const trigger = z
  .object({
    id: z.uuid(),
    workflowId: z.uuid(),
    workflowName: z.string(),
    node: z.string().describe("Node id of the trigger."),
    type: z.string(),
    state: z.enum(["starting", "listening", "failing"]),
    error: z.string().nullable().describe("Why it fails at the moment; it goes on trying."),
    failures: z.int().describe("In a row."),
    received: z.int().describe("Messages that were taken in."),
    lastEventAt: instant.nullable(),
  })
  .meta({ id: "Trigger" });
export const triggerPage = page(trigger);
