// What is to happen with a fire that is overdue because nothing ran when it was due. Pure.
import { type Said, say, sayAll } from "../platform/say.ts";
import { lastFire, type Moment, moments, nextFire } from "./fires.ts";
import type { CompiledSpec } from "./spec.ts";

export type MissedPolicy = { missed: "all" | "last" | "none" | "window"; missedWindowSeconds?: number };

/** A fire that is later than this was missed; before that it is only late. */
export const LATE_MS = 60_000;
const COUNTED_MAX = 10_000;

export type CatchUp =
  | { kind: "fire" }
  /** Everything from the due one up to before `next` is given up. */
  | { kind: "jump"; next: Moment | undefined; count: number; lastMs: number };

/** `fromMs` is the beginning of the window; `cutoffMs` the last moment that counts as missed. */
export function catchUp(
  spec: CompiledSpec,
  policy: MissedPolicy,
  dueMs: number,
  about: { cutoffMs: number; fromMs: number },
): CatchUp {
  const next = firstWanted(spec, policy, dueMs, about);
  if (next?.atMs === dueMs) return { kind: "fire" };
  return { kind: "jump", next, ...givenUp(spec, dueMs, next?.atMs ?? about.cutoffMs + 1) };
}

function firstWanted(
  spec: CompiledSpec,
  policy: MissedPolicy,
  dueMs: number,
  { cutoffMs, fromMs }: { cutoffMs: number; fromMs: number },
): Moment | undefined {
  if (policy.missed === "none") return nextFire(spec, cutoffMs);
  if (policy.missed === "last") return lastFire(spec, dueMs - 1, cutoffMs) ?? nextFire(spec, cutoffMs);
  // What is only late happens, however small the window is.
  const beginMs = policy.missed === "window" ? Math.min(fromMs, cutoffMs + 1) : dueMs;
  return nextFire(spec, Math.max(dueMs, beginMs) - 1);
}

/** What is due from `dueMs` up to before `beforeMs`. */
export function givenUp(
  spec: CompiledSpec,
  dueMs: number,
  beforeMs: number,
): { count: number; lastMs: number } {
  let [count, lastMs] = [0, dueMs];
  for (const moment of moments(spec, dueMs - 1)) {
    if (moment.atMs >= beforeMs || count >= COUNTED_MAX) break;
    if (moment.kind === "skipped") continue;
    count += 1;
    lastMs = moment.atMs;
  }
  return { count: Math.max(1, count), lastMs };
}

export function missedReason(
  policy: MissedPolicy,
  dueMs: number,
  jump: { count: number; lastMs: number },
): Said {
  const why = {
    all: "the rule changed meanwhile",
    last: "missed: last makes up for the last one only",
    none: "missed: none",
    window: `missed: window of ${policy.missedWindowSeconds ?? 0} s`,
  }[policy.missed];
  const because =
    policy.missed === "window"
      ? say("fire.missed.window", { seconds: policy.missedWindowSeconds ?? 0 })
      : say(`fire.missed.${policy.missed}`, {});
  // In English it is one sentence.
  const { parts } = sayAll([dueSaid(dueMs, jump), because]);
  return { text: `${textOf(dueMs, jump)}, when nothing ran (${why}).`, parts };
}

export function pausedReason(dueMs: number, given: { count: number; lastMs: number }): Said {
  const { parts } = sayAll([dueSaid(dueMs, given), say("fire.missed.paused", {})]);
  return { text: `${textOf(dueMs, given)}, and not settled when the schedule was paused.`, parts };
}

function dueSaid(dueMs: number, { count, lastMs }: { count: number; lastMs: number }): Said {
  const [from, to] = [new Date(dueMs).toISOString(), new Date(lastMs).toISOString()];
  if (count === 1) return say("fire.due.one", { at: from });
  return count >= COUNTED_MAX
    ? say("fire.due.more", { number: COUNTED_MAX, from, to })
    : say("fire.due.many", { number: count, from, to });
}

function textOf(dueMs: number, { count, lastMs }: { count: number; lastMs: number }): string {
  const [first, last] = [new Date(dueMs).toISOString(), new Date(lastMs).toISOString()];
  if (count === 1) return `Due at ${first}`;
  const many = count >= COUNTED_MAX ? `${COUNTED_MAX} fires and more` : `${count} fires`;
  return `${many}, due from ${first} to ${last}`;
}
