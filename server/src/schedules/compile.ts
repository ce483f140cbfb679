// Specs of this organization, compiled: with its calendars, and refused with every problem at its field.
import type { Problem } from "@auraos/kernel";
import type { Transaction } from "../platform/db.ts";
import { type Refusal, refuse } from "../platform/errors.ts";
import { listCalendars } from "./fireStore.ts";
import { nextFire } from "./fires.ts";
import { type Calendars, type CompiledSpec, compileSpec, type ScheduleSpec } from "./spec.ts";

const specFields = [
  "cron",
  "interval",
  "rrule",
  "timezone",
  "gap",
  "repeat",
  "start",
  "end",
  "excludeDates",
  "excludeCalendars",
  "jitterSeconds",
] as const;
const policyFields = ["overlap", "missed", "missedWindowSeconds", "pauseAfterFailures"] as const;

export async function calendarsOf(tx: Transaction, orgId: string, spec: ScheduleSpec): Promise<Calendars> {
  if ((spec.excludeCalendars ?? []).length === 0) return new Map();
  return new Map((await listCalendars(tx, orgId)).map(({ name, dates }) => [name, dates]));
}

export async function compiled(
  tx: Transaction,
  orgId: string,
  spec: ScheduleSpec,
  id?: string,
): Promise<CompiledSpec> {
  const result = compileSpec(spec, id, await calendarsOf(tx, orgId, spec));
  if (!result.ok) throw invalidSchedule(result.problems);
  return result.spec;
}

export function invalidSchedule(problems: readonly Problem[]): Refusal {
  const [first] = problems;
  return refuse(
    422,
    "SCHEDULE_INVALID",
    `The schedule has problems: ${first?.message ?? ""}`,
    first?.remedy ?? "Correct what `problems` lists.",
    { problems },
  );
}

/** What stands in the columns `next_due` and `next_fire_at`. */
export function nextOf(
  spec: CompiledSpec,
  afterMs: number,
): { nextDueMs: number | null; nextFireMs: number | null } {
  const fire = nextFire(spec, afterMs);
  if (!fire) return { nextDueMs: null, nextFireMs: null };
  return { nextDueMs: fire.atMs, nextFireMs: fire.atMs + spec.jitterMs(fire.atMs) };
}

type Given = Record<string, unknown>;

export function specOf(given: Given): ScheduleSpec {
  return pick(given, specFields) as ScheduleSpec;
}

export function specText(given: Given): string {
  return JSON.stringify(pick(given, specFields));
}

export function policyText(given: Given): string {
  const policy = { overlap: "skip", missed: "last", ...pick(given, policyFields) };
  if (policy.missed === "window" && (policy as Given).missedWindowSeconds === undefined)
    throw invalidSchedule([
      {
        code: "FIELD_MISSING",
        message: `missed: window needs "missedWindowSeconds".`,
        remedy: "Say how late a fire may be.",
        path: "/missedWindowSeconds",
        field: "missedWindowSeconds",
      },
    ]);
  return JSON.stringify(policy);
}

function pick(given: Given, fields: readonly string[]): Given {
  return Object.fromEntries(
    fields.filter((field) => given[field] !== undefined).map((field) => [field, given[field]]),
  );
}
