// What happens to the server as a whole is an event of the organization that runs it, so that a workflow can tell somebody.
import type { JsonObject } from "@auraos/kernel";
import type { Log } from "../platform/log.ts";
import type { EventBus } from "./createEventBus.ts";
import { platformEvent } from "./happenings.ts";

export function tellOfServer(
  bus: EventBus,
  happening: {
    orgId: string;
    type: `auraos.${string}`;
    id: string;
    about: JsonObject;
    nowMs: number;
    log: Log;
  },
): void {
  const { orgId, type, id, about, nowMs, log } = happening;
  bus.publish(orgId, [platformEvent(type, id, nowMs, about)]).catch((error: unknown) => {
    log("warn", "an event of the server could not be told", { type, error });
  });
}
