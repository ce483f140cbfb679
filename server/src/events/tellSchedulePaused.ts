// A schedule that was paused because its executions failed is an event, so that a workflow can tell somebody.
import type { Log } from "../platform/log.ts";
import type { EventBus } from "./createEventBus.ts";
import { platformEvent } from "./happenings.ts";

export function tellSchedulePaused(
  bus: EventBus,
  { orgId, about, nowMs, log }: { orgId: string; about: Record<string, string>; nowMs: number; log: Log },
): void {
  const id = `${about.scheduleId}/paused/${about.executionId}`;
  bus.publish(orgId, [platformEvent("auraos.schedule.paused", id, nowMs, about)]).catch((error: unknown) => {
    log("warn", "the pause of a schedule could not be told", { schedule: about.scheduleId, error });
  });
}
