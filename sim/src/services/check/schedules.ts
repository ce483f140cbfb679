// What schedules promise: a fire happens once, and one that does not happen says why; never early; overlap and missed fires
// as their policy says; a pause is kept.
import type { Execution } from "../engine.ts";
import type { MadeSchedule } from "../people.ts";
import { duesOf } from "../plan.ts";
import { hasClockSetBack, hasStalls, type ServiceEvidence } from "./all.ts";

type Row = {
  key: string;
  kind: "schedule" | "manual" | "backfill";
  due: Date;
  fired_at: Date;
  outcome: "started" | "skipped" | "buffered" | "missed";
  count: number;
  reason: string | null;
  overlap: string | null;
  execution_id: string | null;
};

/** A fire that is later than this was missed. */
const LATE_MS = 60_000;
/** What is due in the last moments may not have been looked at. */
const LAST_MS = 2_000;
const PAUSE_SLACK_MS = 3_000;
/** On a machine without trouble. */
const CALM_LATE_MS = 1_000;

export async function checkSchedules(evidence: ServiceEvidence): Promise<number> {
  let fires = 0;
  for (const schedule of evidence.people.schedules) {
    const rows = (await evidence.database.admin(
      `SELECT key, kind, due, fired_at, outcome, count, reason, overlap, execution_id FROM schedule_fires
       WHERE schedule_id = $1 ORDER BY due, id`,
      [schedule.id],
    )) as Row[];
    fires += rows.length;
    checkSchedule(evidence, schedule, rows);
    await checkIsTold(evidence, schedule);
  }
  return fires;
}

/** A pause that nobody asked for is an event, as soon as it is there. */
async function checkIsTold(
  { verdict, database, pausedByItself }: ServiceEvidence,
  schedule: MadeSchedule,
): Promise<void> {
  if (!pausedByItself.has(schedule.id)) return;
  const events = await database.admin(
    `SELECT event_id FROM events WHERE starts_with(event_id, $1)
     UNION ALL SELECT event_id FROM sim.swept WHERE starts_with(event_id, $1)`,
    [`${schedule.id}/paused/`],
  );
  if (events.length === 0)
    verdict.lost("pause-untold", `${schedule.name} was paused by itself, and no event says so`);
}

function checkSchedule(evidence: ServiceEvidence, schedule: MadeSchedule, rows: readonly Row[]): void {
  const { verdict, engines } = evidence;
  const prefix = `schedule/${schedule.id}/`;
  const executions = engines.executions.filter(({ request }) => request.cause?.startsWith(prefix));
  const own = new Map(rows.filter(({ key }) => !key.includes("/")).map((row) => [row.due.getTime(), row]));
  const started = new Map<number, Execution>();
  for (const execution of executions) {
    const dueMs = dueOf(execution);
    if (started.has(dueMs))
      verdict.duplicated("fired-twice", `${schedule.name} fired twice for ${iso(dueMs)}`);
    started.set(dueMs, execution);
    if (execution.askedWallMs < dueMs && !hasStalls(evidence) && !hasClockSetBack(evidence))
      verdict.illegal(
        "fired-early",
        `${schedule.name} fired for ${iso(dueMs)} at ${iso(execution.askedWallMs)}`,
      );
    if ((dueMs - schedule.grid.anchorMs) % schedule.grid.everyMs !== 0)
      verdict.illegal("not-due", `${schedule.name} fired for ${iso(dueMs)}, when nothing is due`);
  }
  const covered = coveredBy(schedule, rows);
  const wasPaused = evidence.pausedByItself.get(schedule.id);
  const untilMs = Math.min(
    // What is put off by its jitter may come after the end.
    evidence.endedWallMs - LAST_MS - (schedule.jitterSeconds ?? 0) * 1_000,
    (wasPaused?.paused_at.getTime() ?? Number.POSITIVE_INFINITY) - PAUSE_SLACK_MS,
    (wasPaused?.next_due?.getTime() ?? Number.POSITIVE_INFINITY) - 1,
  );
  for (const dueMs of duesOf(schedule.grid, schedule.createdWallMs, untilMs)) {
    const row = own.get(dueMs);
    if (row || covered.has(dueMs) || isPaused(schedule, dueMs)) continue;
    verdict.lost(
      "fire-lost",
      `${schedule.name} (${schedule.missed}, ${schedule.overlap}): nothing became of ${iso(dueMs)}`,
    );
  }
  checkHistory(evidence, schedule, own, started);
  checkOverlap(evidence, schedule, executions, rows);
  checkMissed(evidence, schedule, rows, executions);
  checkPauses(evidence, schedule, executions, own);
  if (evidence.plan.isCalm && schedule.overlap === "allow") checkOnTime(evidence, schedule, executions);
}

/** What the history says is what happened. */
function checkHistory(
  { verdict, isQuiet, plan }: ServiceEvidence,
  schedule: MadeSchedule,
  own: ReadonlyMap<number, Row>,
  started: ReadonlyMap<number, Execution>,
): void {
  for (const [dueMs, execution] of started) {
    const row = own.get(dueMs);
    if (row?.execution_id === execution.id && row.outcome === "started") continue;
    verdict.illegal(
      "history-differs",
      `${schedule.name} started ${execution.id} for ${iso(dueMs)}, and its history says ${row?.outcome ?? "missed"}`,
    );
  }
  for (const [dueMs, row] of own) {
    if (row.outcome === "started" && started.get(dueMs)?.id !== row.execution_id)
      verdict.lost("start-lost", `${schedule.name} says ${iso(dueMs)} started, and no execution is there`);
    if (row.outcome === "buffered" && isQuiet)
      verdict.lost("buffer-lost", `${schedule.name}: ${iso(dueMs)} waits for ever`);
    const mayWait = schedule.overlap === "allow" || schedule.overlap === "bufferAll";
    const isRefused = /MAINTENANCE|BUSY|not published/.test(row.reason ?? "");
    if (row.outcome === "skipped" && row.kind === "schedule" && mayWait && !isRefused)
      verdict.lost(
        "skipped-against-policy",
        `${schedule.name} (${schedule.overlap}) skipped ${iso(dueMs)}: ${row.reason}`,
      );
    if (row.outcome === "skipped" && !row.reason)
      verdict.illegal("no-reason", `${schedule.name} skipped ${iso(dueMs)} without a reason`);
    if (
      row.outcome === "skipped" &&
      plan.isCalm &&
      row.kind === "schedule" &&
      schedule.overlap === "skip" &&
      !isRefused
    )
      checkWasOpen(verdict, schedule, row, started);
  }
}

/** Without trouble, a fire is skipped only while another execution is open. */
function checkWasOpen(
  verdict: ServiceEvidence["verdict"],
  schedule: MadeSchedule,
  row: Row,
  started: ReadonlyMap<number, Execution>,
): void {
  const at = row.fired_at.getTime();
  const isAny = [...started.values()].some(
    ({ startWallMs, endWallMs }) =>
      startWallMs <= at + 100 && (endWallMs ?? Number.POSITIVE_INFINITY) >= at - 100,
  );
  if (!isAny)
    verdict.illegal("skipped-for-nothing", `${schedule.name} skipped ${row.key} while nothing was open`);
}

/** Executions of the rule do not overlap, and what waited starts in order. */
function checkOverlap(
  evidence: ServiceEvidence,
  schedule: MadeSchedule,
  executions: readonly Execution[],
  rows: readonly Row[],
): void {
  const { verdict, engines } = evidence;
  if (schedule.overlap === "allow") return;
  const free = new Set(
    rows
      .filter(({ kind, overlap }) => kind !== "schedule" && overlap === "allow")
      .map(({ execution_id }) => execution_id),
  );
  const ruled = executions.filter(({ id }) => !free.has(id));
  const byStart = [...ruled].sort((a, b) => a.startMs - b.startMs);
  const backfilled = new Set(
    rows.filter(({ kind }) => kind === "backfill").map(({ execution_id }) => execution_id),
  );
  // Who resumes it when the clock was set back goes on from then.
  const isSetBack = hasClockSetBack(evidence);
  let last: Execution | undefined;
  let lastDue = Number.NEGATIVE_INFINITY;
  for (const one of byStart) {
    const mine = dueOf(one);
    const isBackfill = backfilled.has(one.id);
    if (last && (last.endMs === null || last.endMs > one.startMs) && !isBackfill && !backfilled.has(last.id))
      verdict.illegal(
        "overlap",
        `${schedule.name} (${schedule.overlap}): ${iso(mine)} started at ${one.startMs} while ${iso(dueOf(last))} was open until ${last.endMs} (${engines.takeovers().length} takeovers)`,
      );
    if (!isBackfill) {
      if (mine < lastDue && !isSetBack)
        verdict.illegal("fires-out-of-order", `${schedule.name}: ${iso(mine)} after ${iso(lastDue)}`);
      lastDue = mine;
      last = last && last.endMs !== null && one.endMs !== null && last.endMs > one.endMs ? last : one;
    }
  }
}

function checkMissed(
  evidence: ServiceEvidence,
  schedule: MadeSchedule,
  rows: readonly Row[],
  executions: readonly Execution[],
): void {
  const { verdict } = evidence;
  const jitter = (schedule.jitterSeconds ?? 0) * 1_000;
  const isSteady = !hasClockSetBack(evidence);
  const missed = rows.filter(
    ({ outcome, reason }) => outcome === "missed" && !/was paused/.test(reason ?? ""),
  );
  for (const row of missed) {
    const dues = coverageOf(schedule, row);
    const firedMs = row.fired_at.getTime();
    const newest = dues.at(-1) ?? row.due.getTime();
    if (schedule.missed === "all")
      verdict.lost("missed-against-policy", `${schedule.name} (all) gave up ${row.key}: ${row.reason}`);
    if (newest > firedMs - LATE_MS && isSteady)
      verdict.lost(
        "not-missed",
        `${schedule.name} gave up ${iso(newest)} at ${iso(firedMs)}: it was only late`,
      );
    // The last one happens: what was given up is not the last of those that were missed.
    const next = newest + schedule.grid.everyMs;
    if (schedule.missed === "last" && next > firedMs - LATE_MS - jitter && isSteady)
      verdict.lost(
        "last-missed",
        `${schedule.name} (last) gave up ${iso(newest)}, the last one, at ${iso(firedMs)}`,
      );
    const windowMs = (schedule.missedWindowSeconds ?? 0) * 1_000;
    if (schedule.missed === "window" && newest >= firedMs - windowMs && isSteady)
      verdict.lost(
        "window-missed",
        `${schedule.name} gave up ${iso(newest)} at ${iso(firedMs)}, inside of its window`,
      );
  }
  if (schedule.missed !== "none" || schedule.overlap.startsWith("buffer")) return;
  const backfilled = new Set(
    rows.filter(({ kind }) => kind === "backfill").map(({ execution_id }) => execution_id),
  );
  // A start that the engine puts off is tried again, and may come late without having been missed.
  const slack = LATE_MS + jitter + 30_000;
  for (const execution of executions)
    if (
      !backfilled.has(execution.id) &&
      isSteady &&
      evidence.plan.scale !== "seconds" &&
      execution.askedWallMs - dueOf(execution) > slack
    )
      if (!schedule.overlap.endsWith("Other"))
        verdict.illegal(
          "fired-late",
          `${schedule.name} (none) fired for ${iso(dueOf(execution))} at ${iso(execution.askedWallMs)}`,
        );
}

/** What was due in a pause was not wanted. */
function checkPauses(
  evidence: ServiceEvidence,
  schedule: MadeSchedule,
  executions: readonly Execution[],
  own: ReadonlyMap<number, Row>,
): void {
  const { verdict } = evidence;
  for (const execution of executions) {
    if (own.get(dueOf(execution))?.kind !== "schedule") continue;
    const pause = schedule.pauses.find(
      ({ fromWorldMs, toWorldMs }) =>
        execution.startMs > fromWorldMs + 10_000 && execution.startMs < toWorldMs,
    );
    if (pause)
      verdict.illegal(
        "fired-in-pause",
        `${schedule.name} fired for ${iso(dueOf(execution))} while it was paused`,
      );
  }
  const reason = evidence.pausedByItself.get(schedule.id)?.pause_reason;
  if (reason === undefined || reason === null || schedule.pauseAfterFailures === undefined) return;
  const ended = executions
    .filter(({ endMs }) => endMs !== null)
    .sort((a, b) => (a.endMs ?? 0) - (b.endMs ?? 0));
  const failures = ended.filter(({ status }) => status === "failed").length;
  if (failures < schedule.pauseAfterFailures)
    verdict.illegal(
      "paused-for-nothing",
      `${schedule.name} was paused after ${failures} failures: ${reason}`,
    );
}

function checkOnTime(
  { verdict }: ServiceEvidence,
  schedule: MadeSchedule,
  executions: readonly Execution[],
): void {
  const jitter = (schedule.jitterSeconds ?? 0) * 1_000;
  for (const execution of executions) {
    const late = execution.startWallMs - dueOf(execution) - jitter;
    if (late > CALM_LATE_MS)
      verdict.illegal(
        "late",
        `${schedule.name} fired ${late} ms late for ${iso(dueOf(execution))} without any trouble`,
      );
  }
}

function isPaused(schedule: MadeSchedule, dueMs: number): boolean {
  return schedule.pauses.some(
    ({ fromMs, toMs }) => dueMs > fromMs - PAUSE_SLACK_MS && dueMs <= toMs + PAUSE_SLACK_MS,
  );
}

function coveredBy(schedule: MadeSchedule, rows: readonly Row[]): Set<number> {
  return new Set(
    rows.filter(({ outcome }) => outcome === "missed").flatMap((row) => coverageOf(schedule, row)),
  );
}

/** The due times that a row of missed fires stands for; what is too many to count is said so in its reason. */
function coverageOf({ grid }: MadeSchedule, row: Row): number[] {
  const first = row.due.getTime();
  const many = /and more, due from .* to ([^,]*),/.exec(row.reason ?? "")?.[1];
  const last = many === undefined ? first + (row.count - 1) * grid.everyMs : Date.parse(many);
  return duesOf(grid, first - 1, last);
}

function dueOf({ request }: Execution): number {
  return Date.parse((request.items[0] as { json: { scheduledAt: string } }).json.scheduledAt);
}

function iso(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : String(ms);
}
