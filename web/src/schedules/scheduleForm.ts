// The form of a schedule as plain data, and what it means as a body of the API. What a form does not show (dates, RRULE
// lists, input) is kept as it was when a schedule is changed.
import type { Rule, Schedule, ScheduleDraft } from "../api/schedules.ts";

export type RuleKind = "cron" | "interval" | "rrule";

export type ScheduleForm = {
  name: string;
  workflow: string;
  kind: RuleKind;
  cron: string;
  interval: string;
  rrule: string;
  timezone: string;
  gap: "" | "skip" | "after";
  repeat: "" | "first" | "second" | "both";
  overlap: Schedule["overlap"];
  missed: Schedule["missed"];
  missedMinutes: string;
  pauseAfterFailures: string;
  jitterSeconds: string;
  calendar: string;
};

export const gaps = ["skip", "after"] as const;
export const repeats = ["first", "second", "both"] as const;
export const overlaps = ["skip", "bufferOne", "bufferAll", "cancelOther", "terminateOther", "allow"] as const;
export const missedPolicies = ["last", "all", "none", "window"] as const;

export function emptyForm(timezone: string): ScheduleForm {
  return {
    ...{ name: "", workflow: "", kind: "cron", cron: "0 9 * * MON-FRI", interval: "15m", rrule: "" },
    ...{ timezone, gap: "", repeat: "", overlap: "skip", missed: "last", missedMinutes: "60" },
    ...{ pauseAfterFailures: "", jitterSeconds: "", calendar: "" },
  };
}

export function formOf(schedule: Schedule): ScheduleForm {
  const text = (value: number | undefined) => (value === undefined ? "" : String(value));
  return {
    name: schedule.name,
    workflow: schedule.workflowId,
    kind: schedule.cron !== undefined ? "cron" : schedule.rrule !== undefined ? "rrule" : "interval",
    cron: schedule.cron ?? "",
    interval: String(schedule.interval ?? ""),
    rrule: schedule.rrule ?? "",
    timezone: schedule.timezone,
    gap: schedule.gap ?? "",
    repeat: schedule.repeat ?? "",
    overlap: schedule.overlap,
    missed: schedule.missed,
    missedMinutes: text(schedule.missedWindowSeconds === undefined ? 60 : schedule.missedWindowSeconds / 60),
    pauseAfterFailures: text(schedule.pauseAfterFailures),
    jitterSeconds: text(schedule.jitterSeconds),
    calendar: schedule.excludeCalendars?.[0] ?? "",
  };
}

/** Of the form alone, for the preview; null while there is nothing to ask about. */
export function ruleOf(form: ScheduleForm): Rule | null {
  const text = form[form.kind].trim();
  if (text === "") return null;
  const interval = /^\d+$/.test(text) ? Number(text) : text;
  return {
    ...(form.kind === "interval" ? { interval } : { [form.kind]: text }),
    timezone: form.timezone.trim() || "UTC",
    ...(form.gap === "" ? {} : { gap: form.gap }),
    ...(form.repeat === "" ? {} : { repeat: form.repeat }),
    ...(numberOf(form.jitterSeconds) === undefined ? {} : { jitterSeconds: numberOf(form.jitterSeconds) }),
    ...(form.calendar === "" ? {} : { excludeCalendars: [form.calendar] }),
  };
}

export function bodyOf(form: ScheduleForm, before: Schedule | null): ScheduleDraft | null {
  const rule = ruleOf(form);
  if (rule === null) return null;
  const failures = numberOf(form.pauseAfterFailures);
  return {
    ...kept(before),
    name: form.name.trim(),
    workflow: form.workflow,
    ...rule,
    // The form shows the first calendar only.
    ...(before?.excludeCalendars && before.excludeCalendars.length > 1 && form.calendar !== ""
      ? { excludeCalendars: [...new Set([form.calendar, ...before.excludeCalendars.slice(1)])] }
      : {}),
    overlap: form.overlap,
    missed: form.missed,
    ...(form.missed === "window" ? { missedWindowSeconds: (numberOf(form.missedMinutes) ?? 60) * 60 } : {}),
    ...(failures === undefined ? {} : { pauseAfterFailures: failures }),
  };
}

function kept(before: Schedule | null): Partial<ScheduleDraft> {
  if (before === null) return {};
  const { trigger, input, start, end, excludeDates } = before;
  return {
    ...(trigger === null ? {} : { trigger }),
    ...(input === undefined ? {} : { input }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(excludeDates === undefined ? {} : { excludeDates }),
  };
}

function numberOf(text: string): number | undefined {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? undefined : value;
}

/** What a row of the list says of the rule. */
export function ruleText({ cron, interval, rrule }: Pick<Schedule, "cron" | "interval" | "rrule">): string {
  return String(cron ?? rrule ?? interval ?? "").replaceAll("\n", " | ");
}
