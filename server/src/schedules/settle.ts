// One step of a schedule: start what waits, or settle the fire that is due. Steps of one schedule follow one another.
//
// Invariants:
//   1. The cursor moves in the statement that writes down what became of the fire, after its start is durable.
//   2. A start is known by its key: a fire that is settled a second time, by whomever, gives the first execution.
//   3. What has begun and was not written down is written when a schedule is read (begun.ts): what a step meets has not.
import type { FinalStatus } from "@auraos/kernel";
import type { StartRequest } from "../engine/engine.types.ts";
import { type Said, say } from "../platform/say.ts";
import { causeOf } from "./begun.ts";
import { catchUp, LATE_MS, missedReason } from "./catchUp.ts";
import type { Buffered, Entry } from "./entry.ts";
import { nextFire } from "./fires.ts";
import { overlapOf } from "./overlap.ts";
import type { Rule, SchedulerReign } from "./scheduler.types.ts";
import type { FireRecord } from "./schedulerStore.ts";
import { dueKey, fireItem, KEY_TTL_MS } from "./startFire.ts";

const RETRY_MS = 1_000;

/** True = there may be more to do. */
export async function step(reign: SchedulerReign, entry: Entry): Promise<boolean> {
  const over = reign.early.watch([entry]);
  try {
    return await stepOf(reign, entry);
  } finally {
    over();
  }
}

async function stepOf(reign: SchedulerReign, entry: Entry): Promise<boolean> {
  // The rule's own first: a backfill may be long, and wait for a limit of the workflow.
  const waiting = await startBuffered(reign, entry, true);
  if (waiting !== undefined) return waiting;
  const { spec, dueMs, fireMs, row } = entry;
  const now = reign.parts.nowMs();
  const isDue = !row.paused && fireMs !== null && fireMs <= now;
  if (isDue && spec !== undefined && dueMs !== null) {
    if (await settleDue(reign, entry, { spec, dueMs, fireMs, now })) return true;
    // It may not start now, and comes first when something may.
    if (entry.retryMs > 0) return false;
  }
  return (await startBuffered(reign, entry, false)) ?? false;
}

async function settleDue(reign: SchedulerReign, entry: Entry, due: Rule): Promise<boolean> {
  const { spec, dueMs, now } = due;
  const { policy } = entry;
  const jitterMax = spec.jitterMax;
  const cutoffMs = now - LATE_MS - jitterMax;
  if (entry.catchingUp === undefined || dueMs > entry.catchingUp.cutoffMs)
    entry.catchingUp =
      dueMs <= cutoffMs
        ? { cutoffMs, fromMs: now - (policy.missedWindowSeconds ?? 0) * 1000 - jitterMax }
        : undefined;
  const missed = entry.catchingUp;
  if (missed !== undefined) {
    const choice = catchUp(spec, policy, dueMs, missed);
    if (choice.kind === "jump") {
      const reason = missedReason(policy, dueMs, choice);
      const fire = recordOf(reign, entry, { dueMs, outcome: "missed", reason, count: choice.count });
      // A row of its own, that stays when one of them is backfilled.
      const row = { ...fire, key: `${fire.key}/missed` };
      return write(reign, entry, [row], choice.next?.atMs ?? null);
    }
  }
  const nextMs = nextFire(spec, dueMs)?.atMs ?? null;
  const choice = overlapOf(policy.overlap, {
    open: [...entry.open],
    buffered: entry.buffer.filter(({ kind }) => kind === "schedule").length,
    isCatchingUp: missed !== undefined && policy.missed !== "last",
  });
  if (choice.kind === "hold") return false;
  if (choice.kind === "skip")
    return write(
      reign,
      entry,
      [recordOf(reign, entry, { dueMs, outcome: "skipped", reason: choice.reason })],
      nextMs,
    );
  if (choice.kind === "buffer") {
    const replaced = choice.stop === undefined ? [] : await replaceOthers(reign, entry, choice.stop);
    const fire = recordOf(reign, entry, { dueMs, outcome: "buffered", reason: choice.reason });
    const isDone = await write(reign, entry, [...replaced, fire], nextMs);
    if (isDone) entry.buffer.push({ ...fire, kind: "schedule", overlap: policy.overlap });
    return isDone;
  }
  const fire = { id: reign.parts.newId(), key: dueKey(dueMs), kind: "schedule", dueMs } as const;
  const started = await start(reign, entry, fire, missed !== undefined);
  return started !== undefined && write(reign, entry, [started], nextMs);
}

/** Cancels what is open; what already waits for that gives its place to the newer fire. */
async function replaceOthers(
  reign: SchedulerReign,
  entry: Entry,
  stop: "cancel" | "terminate",
): Promise<FireRecord[]> {
  const type = stop === "cancel" ? "CancelRequested" : "TerminateRequested";
  const reason = `A later fire of the schedule "${entry.row.name}" takes its place.`;
  for (const id of entry.open) {
    // One that was set aside takes no event: then the fire waits, and the history says for which.
    await reign.parts.engine.deliver(id, { type, reason, by: "schedule" }).catch((error: unknown) => {
      reign.parts.log("warn", "an execution could not be stopped for a later fire", { execution: id, error });
    });
  }
  const replaced = entry.buffer.filter(({ kind }) => kind === "schedule");
  entry.buffer = entry.buffer.filter(({ kind }) => kind !== "schedule");
  return replaced.map((one) => ({
    ...recordOf(reign, entry, {
      dueMs: one.dueMs,
      outcome: "skipped",
      reason: say("fire.replaced", {}),
    }),
    ...{ id: one.id, key: one.key },
  }));
}

/** Undefined = nothing waits that could start. */
async function startBuffered(
  reign: SchedulerReign,
  entry: Entry,
  isOwn: boolean,
): Promise<boolean | undefined> {
  const next = entry.buffer.find((one) => (one.kind === "schedule") === isOwn && mayStart(entry, one));
  if (next === undefined) return undefined;
  if (next.overlap === "skip" && entry.open.size > 0) {
    const reason = say("fire.open.backfill", { execution: [...entry.open][0] ?? "" });
    const skipped = {
      ...recordOf(reign, entry, { dueMs: next.dueMs, outcome: "skipped", reason }),
      ...ofBuffer(next),
    };
    return drop(entry, next, await write(reign, entry, [skipped], undefined));
  }
  const started = await start(reign, entry, next, reign.parts.nowMs() - next.dueMs > LATE_MS);
  return started !== undefined && drop(entry, next, await write(reign, entry, [started], undefined));
}

/** In order, except that what may overlap need not wait behind what may not. A pause holds back the rule's own. */
function mayStart(entry: Entry, one: Buffered): boolean {
  if (one.kind === "schedule" && entry.row.paused) return false;
  return one.overlap === "allow" || one.overlap === "skip" || entry.open.size === 0;
}

function drop(entry: Entry, one: Buffered, isDone: boolean): boolean {
  if (isDone) entry.buffer = entry.buffer.filter((other) => other !== one);
  return isDone;
}

function ofBuffer({ id, key, kind }: Buffered) {
  return { id, key, kind };
}

/** Undefined = not now; it is tried again. */
async function start(
  reign: SchedulerReign,
  entry: Entry,
  fire: Pick<Buffered, "id" | "key" | "kind" | "dueMs">,
  isMissed: boolean,
): Promise<FireRecord | undefined> {
  const { row } = entry;
  const { nowMs, published } = reign.parts;
  const firedMs = nowMs();
  const skipped = (reason: Said): FireRecord => ({
    ...recordOf(reign, entry, { dueMs: fire.dueMs, outcome: "skipped", reason }),
    ...{ id: fire.id, key: fire.key, kind: fire.kind },
  });
  const target = await published.find(row.orgId, row.workflowId);
  if (target === undefined) return skipped(say("fire.notPublished", { workflow: row.workflowName }));
  const cause = causeOf(entry, fire.key);
  const request: StartRequest = {
    ...{ orgId: row.orgId, envId: row.envId, ...target, mode: "production", actor: "schedule", cause },
    ...(row.trigger === null ? {} : { trigger: row.trigger }),
    items: [fireItem(row, { dueMs: fire.dueMs, firedMs, isMissed })],
    // The hash says nothing: a second try has another time in its item, and is the same fire all the same.
    key: { key: cause, requestHash: "schedule", ttlMs: KEY_TTL_MS },
  };
  const result = await reign.start(request);
  if (result.kind === "refused") {
    const isFull = /LIMIT/.test(result.code) && result.code !== "CONCURRENCY_LIMIT";
    const mayWait =
      result.code === "BUSY" || (isFull && (fire.kind !== "schedule" || firedMs - fire.dueMs < LATE_MS));
    if (!mayWait)
      return skipped(
        say("start.refused", { message: `${result.message} ${result.remedy}`, error: result.code }),
      );
    entry.retryMs = firedMs + RETRY_MS;
    return undefined;
  }
  if (result.kind === "existing") entry.isStale = true;
  entry.open.add(result.executionId);
  return {
    ...recordOf(reign, entry, { dueMs: fire.dueMs, outcome: "started", reason: null }),
    ...{ id: fire.id, key: fire.key, kind: fire.kind, firedMs, executionId: result.executionId },
  };
}

type Outcome = Pick<FireRecord, "dueMs" | "outcome" | "reason"> & { count?: number };

function recordOf(reign: SchedulerReign, entry: Entry, about: Outcome): FireRecord {
  return {
    ...{ id: reign.parts.newId(), scheduleId: entry.id, key: dueKey(about.dueMs), kind: "schedule" },
    ...{ firedMs: reign.parts.nowMs(), count: 1, executionId: null },
    ...about,
  };
}

/** `nextMs` undefined = the cursor stays. False = somebody changed the schedule meanwhile: it is read again first. */
async function write(
  reign: SchedulerReign,
  entry: Entry,
  fires: FireRecord[],
  nextMs: number | null | undefined,
): Promise<boolean> {
  const { row, dueMs, spec } = entry;
  if (nextMs === undefined || dueMs === null || spec === undefined) {
    await reign.writes.put({ fires, advance: undefined });
  } else {
    const nextFireMs = nextMs === null ? null : nextMs + spec.jitterMs(nextMs);
    const advance = { scheduleId: row.id, mark: row.mark, dueMs, nextDueMs: nextMs, nextFireMs };
    const moved = await reign.writes.put({ fires, advance });
    if (!moved.has(row.id)) {
      // What was written is read with the rest.
      entry.isStale = true;
      return true;
    }
    for (const { outcome, kind } of fires)
      if (kind === "schedule") reign.parts.onFire?.(outcome, reign.parts.nowMs() - (entry.fireMs ?? dueMs));
    entry.dueMs = nextMs;
    entry.fireMs = nextFireMs;
  }
  reign.parts.onChange?.(row.orgId);
  for (const { executionId } of fires) {
    if (executionId === null) continue;
    reign.openBy.set(executionId, entry);
    const ended = reign.early.take(executionId);
    if (ended === undefined) continue;
    await onEnded(reign, entry, executionId, ended);
  }
  return true;
}

export type Ended = { status: FinalStatus | "unknown"; message: string };

export async function onEnded(
  reign: SchedulerReign,
  entry: Entry,
  executionId: string,
  { status, message }: Ended,
): Promise<void> {
  entry.open.delete(executionId);
  reign.openBy.delete(executionId);
  if (status === "failed") entry.failures += 1;
  if (status === "succeeded") entry.failures = 0;
  const { pauseAfterFailures } = entry.policy;
  const isEnough =
    status === "failed" &&
    pauseAfterFailures !== undefined &&
    entry.failures >= pauseAfterFailures &&
    !entry.row.paused;
  const pauseReason = isEnough
    ? say("schedule.failures", { count: entry.failures, execution: executionId, message })
    : null;
  // Nothing more fires from this moment, whatever the database says when.
  if (isEnough) {
    entry.row.paused = true;
    reign.parts.log("warn", "a schedule was paused", { schedule: entry.id, reason: pauseReason?.text });
  }
  const { orgId, name, workflowId, workflowName } = entry.row;
  await reign.endings.put({
    ...{ orgId, scheduleId: entry.id, executionId, ended: status, failures: entry.failures, pauseReason },
    about: { name, workflowId, workflowName },
  });
  reign.parts.onChange?.(orgId);
}
