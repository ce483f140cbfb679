// The hours within which a task may start, on the clocks of their zone. Pure.
import type { TaskWindow } from "@auraos/contract";
import { offsetAt } from "@auraos/nodes/date/zone.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

/** `nowMs` itself when it is open, else the next opening; undefined = never, which only an empty list of days gives. */
export function openAt(window: TaskWindow, nowMs: number): number | undefined {
  const offset = offsetAt(nowMs, window.timezone);
  const today = Math.floor((nowMs + offset) / DAY_MS) * DAY_MS;
  // From yesterday: its window may last into today.
  for (let day = today - DAY_MS; day <= today + 8 * DAY_MS; day += DAY_MS) {
    const name = names[new Date(day).getUTCDay()] as (typeof names)[number];
    if (window.days && !window.days.includes(name)) continue;
    const [from, to] = [minutesOf(window.from), minutesOf(window.to)];
    const start = momentOf(day + from * MINUTE_MS, window.timezone);
    const end = momentOf(day + (to <= from ? DAY_MS : 0) + to * MINUTE_MS, window.timezone);
    if (nowMs < start) return start;
    if (nowMs < end) return nowMs;
  }
  return undefined;
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}

/** Of a time that clocks jump over, the moment right after the jump; of one that comes twice, the first. */
function momentOf(wall: number, zone: string): number {
  const [before, after] = [offsetAt(wall - DAY_MS, zone), offsetAt(wall + DAY_MS, zone)];
  for (const offset of [before, after]) if (offsetAt(wall - offset, zone) === offset) return wall - offset;
  let [low, high] = [wall - after, wall - before];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (offsetAt(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}
