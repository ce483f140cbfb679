// Connections that expire soon, or that their service no longer renews, are events, so that a workflow can tell somebody in
// time: once at each step towards the end. The id of an event names the step, so telling it again is telling it once.
import type { Engine } from "../engine/engine.types.ts";
import type { EventBus } from "../events/createEventBus.ts";
import { platformEvent } from "../events/happenings.ts";
import { type Pool, withTenant } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { type ExpiringRow, listExpiring } from "./store.ts";

export type ExpiryWatch = {
  /** Looks at once; how many events were told. */
  look(): Promise<number>;
  stop(): void;
};

const LOOK_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
/** Days before the end, nearest first. Fewer than a week apart: events are known by their id for a week. */
const STEPS = [0, 1, 3, 7, 14];

export function createExpiryWatch(parts: {
  api: Pool;
  /** The engine's role: which organizations there are. */
  pool: Pool;
  engine: Pick<Engine, "status">;
  bus: Pick<EventBus, "publish">;
  nowMs: () => number;
  log: Log;
}): ExpiryWatch {
  const { api, pool, bus, nowMs, log } = parts;
  const timer = setInterval(() => {
    if (parts.engine.status().state === "leading")
      look().catch((error: unknown) => log("warn", "expiring connections could not be told", { error }));
  }, LOOK_MS).unref();
  return { look, stop: () => clearInterval(timer) };

  async function look(): Promise<number> {
    const { rows } = await pool.query<{ id: string }>("SELECT id FROM organizations ORDER BY id");
    let told = 0;
    for (const { id: orgId } of rows) {
      const beforeMs = nowMs() + (STEPS.at(-1) ?? 0) * DAY_MS;
      const found = await withTenant(api, orgId, (tx) => listExpiring(tx, orgId, beforeMs));
      const events = found.flatMap((row) => eventsOf(row, nowMs()));
      if (events.length === 0) continue;
      const placed = await bus.publish(orgId, events);
      told += placed.filter(({ isNew }) => isNew).length;
    }
    return told;
  }
}

function eventsOf(row: ExpiringRow, nowMs: number) {
  const { id, name, type, expiresAt, reconnectSince } = row;
  const about = { connectionId: id, connection: name, type };
  const events = [];
  if (expiresAt !== null) {
    const days = (expiresAt.getTime() - nowMs) / DAY_MS;
    const step = STEPS.find((one) => days <= one) ?? 0;
    const at = expiresAt.toISOString();
    const data = { ...about, expiresAt: at, hasExpired: days <= 0 };
    events.push(platformEvent("auraos.credential.expiring", `${id}/expires/${at}/${step}`, nowMs, data));
  }
  if (reconnectSince !== null) {
    const since = reconnectSince.toISOString();
    events.push(platformEvent("auraos.credential.lost", `${id}/lost/${since}`, nowMs, { ...about, since }));
  }
  return events;
}
