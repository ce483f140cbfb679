// The start of an execution for one event or a group. Its key names subscription, replay and position: whoever starts
// it again, after a crash or beside us, gets the first.
import type { Item, Json } from "@auraos/kernel";
import type { StartResult } from "../engine/engine.types.ts";
import type { StoredEvent } from "./bus.types.ts";
import type { BusReign } from "./reign.ts";
import type { Subscription } from "./subscription.ts";

/** Longer than a subscription keeps an event back without giving up on it. */
const KEY_TTL_MS = 30 * 86_400_000;
const HOPS_MAX = 20;

export type Started =
  | { kind: "started"; executionId: string }
  /** Later perhaps; `isOrg` = the whole organization has to wait. */
  | { kind: "later"; isOrg: boolean; code: string; reason: string }
  | { kind: "skipped" }
  | { kind: "never"; code: string; reason: string };

export async function startForEvents(
  reign: BusReign,
  subscription: Subscription,
  events: readonly StoredEvent[],
  about: { run: string; release: number },
): Promise<Started> {
  const { row, spec } = subscription;
  const [first] = events;
  if (first === undefined) return { kind: "never", code: "EVENT_GONE", reason: "The event is gone." };
  const hops = Math.max(...events.map(hopsOf)) + 1;
  if (hops > HOPS_MAX)
    return {
      kind: "never",
      code: "EVENT_RING",
      reason: `Workflows started each other by events ${HOPS_MAX} times in a row.`,
    };
  const target = await reign.parts.published.find(row.orgId, row.workflowId);
  if (target === undefined)
    return { kind: "later", isOrg: false, code: "NOT_PUBLISHED", reason: "The workflow is not published." };
  const name = `event/${row.id}/${about.run === "" ? "" : `${about.run}/`}${about.release}`;
  const result = await reign.parts.engine.start({
    orgId: row.orgId,
    envId: row.envId,
    ...target,
    mode: "production",
    trigger: row.node,
    items: events.map((event) => itemOf(event, spec.give)),
    key: { key: name, requestHash: "event", ttlMs: KEY_TTL_MS },
    actor: "event",
    cause: `${first.type} #${about.release}`,
  });
  if (result.kind !== "refused" && hops > 1) reign.hops.set(result.executionId, hops);
  return outcomeOf(result);
}

/** Refusals that every workflow of the organization would get. */
const isOfOrganization = new Set(["BUSY", "OPEN_EXECUTIONS_LIMIT", "MAINTENANCE", "DISK_LIMIT"]);

function outcomeOf(result: StartResult): Started {
  if (result.kind !== "refused") return { kind: "started", executionId: result.executionId };
  const { code, message } = result;
  if (code === "CONCURRENCY_LIMIT") return { kind: "skipped" };
  if (isOfOrganization.has(code)) return { kind: "later", isOrg: true, code, reason: message };
  // A limit or a pause of this workflow: others of the organization go on.
  if (/LIMIT|QUOTA|PAUSED/.test(code)) return { kind: "later", isOrg: false, code, reason: message };
  return { kind: "never", code, reason: `${message} ${result.remedy}` };
}

export function hopsOf(event: StoredEvent): number {
  const { auraoshops } = event.json;
  return typeof auraoshops === "number" ? auraoshops : 0;
}

function itemOf(event: StoredEvent, give: "event" | "data"): Item {
  if (give === "event") return { json: event.json };
  const { data, auraosfiles } = event.json;
  return {
    json: (data ?? {}) as Json,
    ...(auraosfiles === undefined ? {} : { files: auraosfiles as NonNullable<Item["files"]> }),
  };
}
