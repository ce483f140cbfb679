// Rows as the API shows them, and what it takes apart into columns.
import type { Schedule, ScheduleFire, SchedulePreview, SentencePart } from "@auraos/contract";
import { type Refusal, refuse } from "../platform/errors.ts";
import { reasonView, type Said, say, sayAll } from "../platform/say.ts";
import type { FireRow } from "./fireStore.ts";
import { type Moment, nextFires } from "./fires.ts";
import type { CompiledSpec, ScheduleSpec } from "./spec.ts";
import type { ScheduleRow } from "./store.ts";
import { localText, stretchAt } from "./zone.ts";

const SKIPPED_SHOWN_MAX = 100;

export function scheduleView(row: ScheduleRow): Schedule {
  const spec = JSON.parse(row.spec) as ScheduleSpec;
  const policy = JSON.parse(row.policy) as Pick<
    Schedule,
    "overlap" | "missed" | "missedWindowSeconds" | "pauseAfterFailures"
  >;
  return {
    id: row.id,
    name: row.name,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    trigger: row.trigger,
    managed: row.managed,
    ...(row.input === null ? {} : { input: JSON.parse(row.input) as unknown }),
    ...(spec as Partial<Schedule>),
    timezone: spec.timezone ?? "UTC",
    ...policy,
    status: row.paused ? "paused" : row.nextDue === null ? "ended" : "active",
    pauseReason: row.pauseReason,
    pauseParts: row.pauseParts,
    pausedAt: row.pausedAt?.toISOString() ?? null,
    pausedBy: row.pausedBy,
    nextFireAt: row.paused ? null : (row.nextFireAt?.toISOString() ?? null),
    failures: row.failures,
    etag: `"${row.revision}"`,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function fireView(row: FireRow): ScheduleFire {
  return { ...row, due: row.due.toISOString(), firedAt: row.firedAt.toISOString() };
}

export function previewOf(spec: CompiledSpec, fromMs: number, count: number): SchedulePreview {
  const { fires, skipped } = nextFires(spec, fromMs, count);
  return {
    fires: fires.map((fire) => shown(spec, fire)),
    skipped: skipped.slice(0, SKIPPED_SHOWN_MAX).map(({ atMs, local, note }) => ({
      at: new Date(atMs).toISOString(),
      local,
      ...reasonView(note),
    })),
  };
}

function shown(spec: CompiledSpec, fire: Moment): SchedulePreview["fires"][number] {
  const jitter = spec.jitterMs(fire.atMs);
  const notes = [
    ...(fire.note === undefined ? [] : [fire.note]),
    ...(jitter === 0 ? [] : [say("fire.jitter", { local: fire.local, seconds: jitter / 1000 })]),
  ];
  return {
    at: new Date(fire.atMs + jitter).toISOString(),
    local:
      jitter === 0
        ? fire.local
        : localText(fire.atMs + jitter, stretchAt(spec.zone, fire.atMs + jitter).offset),
    ...(notes.length === 0 ? {} : noteView(sayAll(notes))),
  };
}

/** What is special about a fire; nothing of the others. */
export function noteView(note: Said | undefined): { note?: string; noteParts?: SentencePart[] } {
  if (note === undefined) return {};
  return { note: note.text, ...(note.parts === null ? {} : { noteParts: note.parts }) };
}

export function readInstant(field: string, text: string): number {
  const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(ms) && ms > Date.UTC(1900, 0, 1) && ms < Date.UTC(2300, 0, 1)) return ms;
  throw invalidTime(
    field,
    `"${text}" is no moment.`,
    "Write 2026-03-29T01:00:00Z, or with an offset such as +02:00.",
  );
}

export function invalidTime(field: string, message: string, remedy: string): Refusal {
  const problem = { code: "TIME_INVALID", message, remedy, path: `/${field}`, field };
  return refuse(422, "SCHEDULE_INVALID", `${field}: ${message}`, remedy, { problems: [problem] });
}
