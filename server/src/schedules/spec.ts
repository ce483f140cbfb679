// When a schedule fires, as people write it, and the same compiled: checked, with every problem at its field.
import { createHash } from "node:crypto";
import type { Problem } from "@auraos/kernel";
import { fromWall, isZone } from "@auraos/nodes/date/zone.ts";
import { parseCron } from "@auraos/nodes/trigger/schedule/cron.ts";
import { parseEvery } from "@auraos/nodes/trigger/schedule/every.ts";
import { parseRrule } from "@auraos/nodes/trigger/schedule/rrule.ts";
import type { Parsed, RuleProblem, WallRule } from "@auraos/nodes/trigger/schedule/rule.ts";
import { type Said, say } from "../platform/say.ts";

export type ScheduleSpec = {
  cron?: string | undefined;
  interval?: string | number | undefined;
  rrule?: string | undefined;
  timezone?: string | undefined;
  gap?: "skip" | "after" | undefined;
  repeat?: "first" | "second" | "both" | undefined;
  start?: string | undefined;
  end?: string | undefined;
  /** 2026-12-25, or 12-25 for every year. */
  excludeDates?: readonly string[] | undefined;
  excludeCalendars?: readonly string[] | undefined;
  jitterSeconds?: number | undefined;
};

export type Calendars = ReadonlyMap<string, readonly string[]>;

export type CompiledSpec = {
  zone: string;
  rule: WallRule | { everyMs: number };
  gap: "skip" | "after";
  repeat: "first" | "second" | "both";
  startMs: number | undefined;
  endMs: number | undefined;
  /** Why nothing fires on a local date; undefined = it does. */
  excluded(date: string): Said | undefined;
  /** Delay of the fire that is due then; the same whenever it is asked. */
  jitterMs(dueMs: number): number;
  jitterMax: number;
};

export type SpecResult = { ok: true; spec: CompiledSpec } | { ok: false; problems: Problem[] };

const none: Calendars = new Map();

/** `seed` is the schedule's id: schedules of the same time spread. */
export function compileSpec(spec: ScheduleSpec, seed = "", calendars: Calendars = none): SpecResult {
  const problems: Problem[] = [];
  const zone = spec.timezone ?? "UTC";
  if (!isZone(zone))
    return {
      ok: false,
      problems: [
        at("timezone", {
          code: "TIMEZONE_UNKNOWN",
          message: `"${zone}" is no time zone.`,
          remedy: "Use an IANA name such as Europe/Berlin, or UTC.",
        }),
      ],
    };
  const startMs = timeOf("start", spec.start, zone, problems);
  const endMs = timeOf("end", spec.end, zone, problems);
  if (startMs !== undefined && endMs !== undefined && endMs < startMs)
    problems.push(
      at("end", {
        code: "END_BEFORE_START",
        message: "The end is before the start.",
        remedy: "Exchange them.",
      }),
    );
  const rule = ruleOf(spec, zone, startMs, problems);
  const excluded = exclusion(spec, calendars, problems);
  if (rule === undefined || problems.length > 0) return { ok: false, problems };
  // Hourly or more often: it goes on by itself after a gap, and a repeated hour is an hour like any other.
  const everyHour = "everyHour" in rule && rule.everyHour;
  const jitter = (spec.jitterSeconds ?? 0) * 1000;
  return {
    ok: true,
    spec: {
      zone,
      rule,
      gap: spec.gap ?? (everyHour ? "skip" : "after"),
      repeat: spec.repeat ?? (everyHour ? "both" : "first"),
      startMs,
      endMs,
      excluded,
      jitterMax: jitter,
      jitterMs: (dueMs) => (jitter === 0 ? 0 : Math.floor(fraction(`${seed} ${dueMs}`) * jitter)),
    },
  };
}

function ruleOf(
  spec: ScheduleSpec,
  zone: string,
  startMs: number | undefined,
  problems: Problem[],
): CompiledSpec["rule"] | undefined {
  const given = (["cron", "interval", "rrule"] as const).filter((field) => spec[field] !== undefined);
  const [field, second] = given;
  if (field === undefined || second !== undefined) {
    problems.push(
      at(second ?? "cron", {
        code: "SCHEDULE_RULE",
        message:
          field === undefined ? "The schedule does not say when." : `Both ${field} and ${second} say when.`,
        remedy: "Give one of cron, interval and rrule.",
      }),
    );
    return undefined;
  }
  const read = { cron, interval, rrule }[field](spec, zone, startMs);
  if (read.ok) return read.rule;
  problems.push(at(field, read.problem));
  return undefined;
}

function cron(spec: ScheduleSpec): Parsed<CompiledSpec["rule"]> {
  return parseCron(spec.cron ?? "");
}

function interval(spec: ScheduleSpec): Parsed<CompiledSpec["rule"]> {
  return parseEvery(spec.interval ?? "");
}

function rrule(spec: ScheduleSpec, zone: string, startMs: number | undefined): Parsed<CompiledSpec["rule"]> {
  return parseRrule(spec.rrule ?? "", { zone, ...(startMs === undefined ? {} : { startMs }) });
}

/** With an offset it is a moment, without one a time on the clocks of the zone; a date alone is its midnight. */
function timeOf(field: "start" | "end", text: string | undefined, zone: string, problems: Problem[]) {
  if (text === undefined) return undefined;
  const match = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  const [, date, time = "00:00", offset] = match ?? [];
  const ms = Date.parse(`${date}T${time}${offset ?? "Z"}`);
  const isThere = match !== null && !Number.isNaN(ms) && Math.abs(ms) < Date.UTC(2300, 0, 1);
  if (isThere) return offset === undefined ? fromWall(ms, zone) : ms;
  problems.push(
    at(field, {
      code: "TIME_INVALID",
      message: `"${text}" is no time.`,
      remedy: "Write 2026-03-29T09:00:00Z, or without an offset for a time of the zone.",
    }),
  );
  return undefined;
}

export function isExcludableDate(text: string): boolean {
  const full = /^\d\d-\d\d$/.test(text) ? `2024-${text}` : text;
  const ms = /^\d{4}-\d\d-\d\d$/.test(full) ? Date.parse(`${full}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(full);
}

function exclusion(spec: ScheduleSpec, calendars: Calendars, problems: Problem[]): CompiledSpec["excluded"] {
  const reasons = new Map<string, Said>();
  for (const [index, date] of (spec.excludeDates ?? []).entries()) {
    if (isExcludableDate(date)) reasons.set(date, say("fire.excluded", { date }));
    else
      problems.push({
        ...at("excludeDates", {
          code: "DATE_INVALID",
          message: `"${date}" is no date.`,
          remedy: "Write 2026-12-25, or 12-25 for every year.",
        }),
        path: `/excludeDates/${index}`,
      });
  }
  for (const [index, name] of (spec.excludeCalendars ?? []).entries()) {
    const dates = calendars.get(name);
    for (const date of dates ?? []) reasons.set(date, say("fire.inCalendar", { date, calendar: name }));
    if (dates === undefined)
      problems.push({
        ...at("excludeCalendars", {
          code: "CALENDAR_UNKNOWN",
          message: `There is no calendar "${name}".`,
          remedy: "Make it first: PUT /api/v1/schedules/calendars/NAME.",
        }),
        path: `/excludeCalendars/${index}`,
      });
  }
  return (date) => reasons.get(date) ?? reasons.get(date.slice(5));
}

function at(field: string, { code, message, remedy, position }: RuleProblem): Problem {
  return { code, message, remedy, path: `/${field}`, field, ...(position === undefined ? {} : { position }) };
}

/** From 0 to below 1, evenly. */
function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
