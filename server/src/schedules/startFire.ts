// The start of an execution for a fire: its key, and the item that the trigger gives.
import { type Item, isObject, type Json, type JsonObject } from "@auraos/kernel";

/** `schedule/ID/` + this is the start key: whoever starts the fire again, after a crash or beside us, gets the first. */
export function dueKey(dueMs: number): string {
  return new Date(dueMs).toISOString();
}

/** Of start keys. */
export const KEY_TTL_MS = 7 * 86_400_000;

export type Fired = { dueMs: number; firedMs: number; isMissed: boolean };

export function fireItem(row: { id: string; spec: string; input: string | null }, fired: Fired): Item {
  const { timezone } = JSON.parse(row.spec) as { timezone?: string };
  const json: JsonObject = {
    ...inputOf(row.input),
    scheduledAt: new Date(fired.dueMs).toISOString(),
    firedAt: new Date(fired.firedMs).toISOString(),
    scheduleId: row.id,
    timezone: timezone ?? "UTC",
    ...(fired.isMissed ? { missed: true } : {}),
  };
  return { json };
}

function inputOf(text: string | null): JsonObject {
  if (text === null) return {};
  const input = JSON.parse(text) as Json;
  return isObject(input) ? input : { input };
}
