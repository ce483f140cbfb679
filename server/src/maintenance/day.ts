// The day of an organization, from one midnight of its zone to the next: 23 or 25 hours where clocks change, and where they
// go forward at midnight it begins with the first moment that exists. Pure.
import { fromWall, toWall } from "@auraos/nodes/date/zone.ts";

const DAY_MS = 86_400_000;

/** Milliseconds since 1970; `untilMs` belongs to the next day. */
export type Day = { fromMs: number; untilMs: number };

export function dayAt(ms: number, zone: string): Day {
  const midnight = Math.floor(toWall(ms, zone) / DAY_MS) * DAY_MS;
  return { fromMs: fromWall(midnight, zone), untilMs: fromWall(midnight + DAY_MS, zone) };
}
