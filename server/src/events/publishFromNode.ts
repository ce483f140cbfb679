// Publishing from a workflow: the same check as through the API, told in the words of a node's failure.
import type { JsonObject } from "@auraos/kernel";
import { ActivityError } from "@auraos/nodes";
import { Refusal } from "../platform/errors.ts";
import type { EventBus } from "./createEventBus.ts";
import { completeEvents } from "./publishEvents.ts";

export type EventPublisher = (
  about: { orgId: string; workflowId: string; executionId: string },
  event: JsonObject,
) => Promise<{ id: string; position: number }>;

export function publisherOf(
  bus: () => EventBus,
  defaults: { nowMs: () => number; newId: () => string },
): EventPublisher {
  return async (about, given) => {
    try {
      const source = `/workflows/${about.workflowId}`;
      const [event] = completeEvents([given], { source, ...defaults });
      if (event === undefined) throw new Error("one event makes one envelope");
      const [placed] = await bus().publish(about.orgId, [event], about);
      return { id: event.id, position: placed?.position ?? 0 };
    } catch (error) {
      if (!(error instanceof Refusal)) throw notTold(error);
      const problem = error.problems?.[0];
      throw new ActivityError({
        code: error.code,
        class: "data",
        message: problem?.message ?? error.message,
        remedy: problem?.remedy ?? error.remedy,
        ...(problem?.field === undefined ? {} : { field: problem.field }),
        certainty: "notDone",
      });
    }
  };
}

/** The event's id makes another attempt harmless. */
function notTold(error: unknown): ActivityError {
  return new ActivityError({
    code: "EVENT_NOT_PUBLISHED",
    class: "server",
    message: `The event could not be stored: ${error instanceof Error ? error.message : String(error)}`,
    retryable: true,
    certainty: "unknown",
  });
}
