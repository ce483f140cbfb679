// Events as they travel: CloudEvents envelopes, who subscribes, what could not be delivered.
import { instant, json, page } from "./common.ts";
import { z } from "./zod.ts";

/** Checked by the server field by field, so that a batch is told everything that is wrong with it. */
const envelope = z
  .looseObject({
    specversion: z.string().optional().describe("1.0."),
    id: z
      .string()
      .optional()
      .describe("Of this event at its source; sent again it is the same event. Default: made up."),
    source: z.string().optional().describe("Who tells it. Default: /api."),
    type: z.string().describe("Words joined by dots, such as order.created."),
    subject: z
      .string()
      .optional()
      .describe("What it is about; the key of its order unless partitionkey says another."),
    time: z.string().optional().describe("ISO 8601. Default: now."),
    datacontenttype: z.string().optional(),
    dataschema: z.string().optional(),
    partitionkey: z.string().optional().describe("Events of one key stay in order."),
    data: json.optional(),
  })
  .meta({ id: "CloudEvent", description: "CloudEvents 1.0, structured mode; extensions are plain values." });

export const publishBody = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).meta({
  id: "EventsBody",
  description: "One CloudEvent, or a batch of up to 1,000.",
});

export const published = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        source: z.string(),
        position: z.int().describe("Place in the stream of the organization."),
        duplicate: z.boolean().describe("It was there before, under the same source and id."),
      }),
    ),
  })
  .meta({ id: "EventsPublished" });

export const event = z
  .object({ position: z.int(), receivedAt: instant, event: envelope })
  .meta({ id: "StoredEvent" });
export const eventPage = page(event);

export const flow = z.enum([
  "each",
  "ordered",
  "singleton",
  "debounce",
  "throttle",
  "rateLimit",
  "batch",
  "join",
]);

export const subscription = z
  .object({
    id: z.uuid(),
    workflowId: z.uuid(),
    workflowName: z.string(),
    trigger: z.string().describe("Node id of the trigger."),
    types: z.array(z.string()),
    source: z.string().optional(),
    filter: z.string().optional(),
    key: z.string().optional(),
    flow,
    since: z.int().describe("It gets events after this position."),
    paused: z.boolean(),
    matched: z.int().describe("Events that fitted."),
    dropped: z
      .int()
      .describe("Of these: not started, because of the rate, the debounce or an open execution."),
    held: z.int().describe("Waiting for their moment."),
    dead: z.int().describe("Could not be delivered; see dead letters."),
    lastEventAt: instant.nullable(),
  })
  .meta({ id: "EventSubscription" });
export const subscriptionPage = page(subscription);

const heldCode = z.enum([
  "paused",
  "running",
  "behind",
  "quiet",
  "rate",
  "filling",
  "joining",
  "refused",
  "starting",
]);

export const held = z
  .object({
    position: z.int(),
    type: z.string().nullable().describe("Null when the event itself is not kept any more."),
    id: z.string().nullable(),
    source: z.string().nullable(),
    receivedAt: instant,
    key: z.string().describe("Events of one key stand in one line."),
    replay: z.uuid().nullable().describe("The replay that gives it once more."),
    code: heldCode.describe(
      "paused: the subscription is. running: it started, and its execution is open. behind: another of its key comes first. " +
        "quiet: debounce. rate: throttle. filling: the batch is not full. joining: other workflows have not ended. " +
        "refused: its start was, and is tried again. starting: in a moment.",
    ),
    reason: z.string().describe("The same in words."),
    until: instant
      .nullable()
      .describe("When it is looked at again, or starts at the latest, if that is known."),
    executionId: z.uuid().nullable().describe("Its own execution, or the open one before it."),
    behind: z.int().nullable().describe("Position of the event of the same key that comes first."),
    batch: z
      .object({ count: z.int(), size: z.int() })
      .nullable()
      .describe("How many events are there, and with how many it starts at once."),
    attempts: z.int().describe("Starts that were refused."),
    refusal: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .describe("Why its start was refused the last time."),
  })
  .meta({ id: "HeldEvent" });
export const heldPage = page(held);

export const replayBody = z
  .strictObject({
    from: z
      .union([z.int().min(0), z.string().max(40)])
      .describe("Position of the first event, or a time (ISO 8601) from which on."),
    to: z.int().min(0).optional().describe("Position of the last event. Default: the last one there is."),
  })
  .meta({ id: "EventReplayBody" });
export const replayed = z.object({ id: z.uuid(), from: z.int(), to: z.int() }).meta({ id: "EventReplay" });

export const deadLetter = z
  .object({
    id: z.uuid(),
    subscriptionId: z.uuid(),
    workflowName: z.string(),
    trigger: z.string(),
    position: z.int(),
    code: z.string(),
    reason: z.string(),
    at: instant,
    event: envelope.nullable(),
  })
  .meta({ id: "DeadEvent" });
export const deadLetterPage = page(deadLetter);
