// The runner of tasks, in the process whose engine leads.
//
//   due schedules -> flows of waiting runs (planFlow.ts)
//   judge: waiting -> queued | ended              (board.ts, readiness.ts)
//   admission: queued -> running, places durable  (../pools/gate.ts, one statement under the epoch)
//   engine.start with the key task/RUN/ATTEMPT: after a crash the same run gives the same execution
//   its end -> the run's end, a retry, a fallback -> those that wait for it are judged
//
// One round at a time; what happens meanwhile asks for another. The table is the truth: a new reign reads it all.
import type { Fact } from "@auraos/kernel";
import { transaction } from "../platform/db.ts";
import { say } from "../platform/say.ts";
import { pause, systemTimers } from "../platform/timers.ts";
import { createPoolGate, type PoolGate } from "../pools/gate.ts";
import { drop, isOpenStatus, judge, newReign, put, settle } from "./board.ts";
import { fireDue } from "./fireDue.ts";
import { planFlow } from "./planFlow.ts";
import { createProgress, follow } from "./progress.ts";
import { isTooLate } from "./readiness.ts";
import type { BoardRun, RunFailure, RunnerParts, RunnerReign } from "./runner.types.ts";
import * as store from "./runnerStore.ts";

export type TaskRunner = {
  /** Somebody changed tasks, runs or pools: it looks at once. */
  sync(): void;
  stop(): Promise<void>;
};

const LOOK_MS = 250;
const SYNC_MS = 1_000;
/** What was committed long after it was written is found by its id. */
const FULL_SYNC_MS = 30_000;
const SWEEP_MS = 6 * 3_600_000;
const KEPT_MS = 90 * 86_400_000;
const RETRY_MS = 1_000;
const END_WITHIN_MS = 15_000;
const ADMITTED_AT_ONCE = 200;
const PROGRESS_MS = 500;
const KEY_TTL_MS = 7 * 86_400_000;

export function createTaskRunner(parts: RunnerParts): TaskRunner {
  const { engine, pool, log, nowMs, timers = systemTimers } = parts;
  const gate = parts.gate ?? ownGate(parts);
  let reign: RunnerReign | undefined;
  let disarm = (): void => {};
  let isStopped = false;
  let isAsked = false;
  let working: Promise<void> | undefined;
  let [syncedAt, progressAt] = [Number.NEGATIVE_INFINITY, 0];
  let [comparedAt, sweptAt] = [timers.monotonic(), timers.monotonic()];
  const moved = new Map<string, BoardRun>();
  const unsubscribe = engine.subscribe(({ executionId, facts }) => onFacts(executionId, facts));
  arm(LOOK_MS);
  return {
    sync() {
      syncedAt = Number.NEGATIVE_INFINITY;
      poke();
    },
    async stop() {
      isStopped = true;
      disarm();
      unsubscribe();
      if (reign) reign.isOver = true;
      await working;
    },
  };

  function arm(delayMs: number): void {
    disarm();
    if (!isStopped) disarm = timers.after(delayMs, poke);
  }

  function poke(): void {
    isAsked = true;
    working ??= work().finally(() => {
      working = undefined;
      arm(LOOK_MS);
    });
  }

  async function work(): Promise<void> {
    while (isAsked && !isStopped) {
      isAsked = false;
      try {
        await lead();
        if (reign && !reign.isOver) await round(reign);
      } catch (error) {
        if (!isStopped) log("warn", "the runner of tasks begins anew", { error });
        // What came of the last statement is not known: everything is read again.
        if (reign) reign.isOver = true;
        reign = undefined;
        await pause(timers, RETRY_MS);
      }
    }
  }

  /** Begins anew with every epoch of the engine, and holds nothing while another leads. */
  async function lead(): Promise<void> {
    const { state, epoch } = engine.status();
    const isOurs = state === "leading" && epoch !== null;
    if (reign && (!isOurs || reign.epoch !== epoch)) {
      if (state === "failing") return;
      reign.isOver = true;
      reign = undefined;
    }
    if (reign || !isOurs) return;
    if (parts.gate === undefined) await gate.open(epoch);
    const seat = gate.seatOf(epoch, poke);
    if (seat === undefined) return;
    const mine = newReign(parts, epoch, seat);
    const begunMark = await store.loadMark(pool);
    for await (const page of store.loadOpenRuns(pool)) for (const row of page) put(mine, row);
    mine.mark = begunMark;
    const running = [...mine.runs.values()].filter(({ status }) => status === "running");
    seat.keep(new Set(running.map(({ id }) => id)));
    reign = mine;
    // Ends that nobody was there to see; starts that were not written down.
    for (const row of running) {
      if (row.executionId === null) restart(mine, row.id);
      else if (row.executionStatus === null || isFinal(row.executionStatus)) await lookUp(mine, row);
    }
    syncedAt = timers.monotonic();
  }

  async function round(mine: RunnerReign): Promise<void> {
    if (timers.monotonic() - syncedAt > SYNC_MS) await sync(mine);
    await fireDue(parts, nowMs()).then((fired) => (fired ? sync(mine) : undefined));
    for (const [runId, end] of mine.ended) {
      mine.ended.delete(runId);
      const run = mine.runs.get(runId);
      // Told a second time, when another attempt is under way.
      if (run?.status !== "running" || run.executionId !== end.executionId) continue;
      const more = settle(mine, run, end);
      if (more) await fallBack(run, more.fallback);
    }
    await judge(mine);
    await flush(mine);
    await admit(mine);
    await tellProgress(mine);
    if (mine.attention.size > 0 || mine.ended.size > 0) isAsked = true;
  }

  async function sync(mine: RunnerReign): Promise<void> {
    syncedAt = timers.monotonic();
    await gate.refresh();
    const rows = await store.loadChangedRuns(pool, mine.mark);
    if (timers.monotonic() - comparedAt > FULL_SYNC_MS) rows.push(...(await compare(mine, rows)));
    for (const row of rows) {
      const before = mine.runs.get(row.id)?.mark;
      put(mine, row);
      if (before !== row.mark) tell(row);
    }
  }

  /** Open runs that are not known, known ones that are open no more, and those whose task was paused or resumed unseen. */
  async function compare(mine: RunnerReign, read: readonly store.OpenRun[]): Promise<store.OpenRun[]> {
    comparedAt = timers.monotonic();
    if (comparedAt - sweptAt > SWEEP_MS) {
      sweptAt = comparedAt;
      await store.deleteOldRuns(pool, nowMs() - KEPT_MS);
    }
    const known = new Set(mine.runs.keys()).union(new Set(read.map(({ id }) => id)));
    const open = await store.loadOpenIds(pool);
    const running = [...mine.runs.values()].filter(
      ({ status, executionId }) => status === "running" && executionId,
    );
    for (const row of await store.loadRuns(
      pool,
      running.map(({ id }) => id),
    ))
      if (isFinal(row.executionStatus ?? "") && !mine.ended.has(row.id)) await lookUp(mine, row, true);
    const odd = [...new Set(open.keys()).symmetricDifference(known)];
    for (const [id, { taskIsPaused }] of mine.runs) if (open.get(id) === !taskIsPaused) odd.push(id);
    return odd.length === 0 ? [] : store.loadRuns(pool, odd);
  }

  async function flush(mine: RunnerReign): Promise<void> {
    // Of several changes of one run only the last counts, from what the table has.
    const byId = new Map<string, store.RunChange>();
    for (const one of mine.changes.splice(0))
      byId.set(one.id, { ...one, from: byId.get(one.id)?.from ?? one.from });
    if (byId.size === 0) return;
    const changes = [...byId.values()];
    const written = new Set<string>();
    for (const page of store.pagesOf(changes))
      for (const id of await store.writeRuns(pool, mine.epoch, page)) written.add(id);
    const ends = changes.filter(
      ({ id, status }) => written.has(id) && !["waiting", "queued"].includes(status),
    );
    // Somebody cancelled one meanwhile: the table is right.
    if (written.size < changes.length) syncedAt = Number.NEGATIVE_INFINITY;
    const states = new Map(ends.map(({ taskId, status }) => [taskId, status]));
    if (states.size > 0)
      await store.noteTaskStates(
        pool,
        [...states].map(([taskId, status]) => ({ taskId, status })),
      );
    for (const one of changes) tell(one);
  }

  async function admit(mine: RunnerReign): Promise<void> {
    const now = nowMs();
    const chosen: BoardRun[] = [];
    for (let item = mine.admission.next(now); item; item = mine.admission.next(now)) {
      const run = mine.runs.get(item.id);
      if (run && !isTooLate({ deadlineMs: run.deadlineMs, onDeadline: run.parsed.onDeadline }, now))
        chosen.push(run);
      else {
        mine.admission.release(item.id, now);
        // It was judged a moment ago, and its deadline has passed since.
        if (run) mine.attention.add(run.id);
      }
      if (chosen.length >= ADMITTED_AT_ONCE) break;
    }
    if (chosen.length === 0) {
      const next = mine.admission.nextChangeMs(now);
      if (next !== undefined && mine.admission.waitingCount() > 0)
        arm(Math.max(1, Math.min(LOOK_MS, next - now)));
      return;
    }
    const taken = await store.admitRuns(
      pool,
      { epoch: mine.epoch, nowMs: now },
      chosen.map(({ id }) => id),
    );
    for (const run of chosen) {
      if (taken.has(run.id)) {
        Object.assign(run, { status: "running", admittedMs: now, reason: null });
        restart(mine, run.id);
      }
    }
    await readRefused(
      mine,
      chosen.filter(({ id }) => !taken.has(id)),
    );
    if (taken.size > 0) {
      await store.noteTaskStates(
        pool,
        chosen.filter(({ id }) => taken.has(id)).map(({ taskId }) => ({ taskId, status: "running" })),
      );
      isAsked = true;
    }
  }

  /** Somebody cancelled them meanwhile, or we do not lead any more: only the table says. */
  async function readRefused(mine: RunnerReign, refused: readonly BoardRun[]): Promise<void> {
    if (refused.length === 0) return;
    const ids = refused.map(({ id }) => id);
    const rows = new Map((await store.loadRuns(pool, ids)).map((row) => [row.id, row.status]));
    for (const status of rows.values())
      if (isOpenStatus(status)) throw new Error("runs are not as this runner knew them");
    for (const run of refused) drop(mine, run, rows.get(run.id) ?? "cancelled");
    syncedAt = Number.NEGATIVE_INFINITY;
  }

  /** Its places are held; the same key starts it once, however often this is asked. */
  function restart(mine: RunnerReign, id: string): void {
    const run = mine.runs.get(id);
    if (run?.status !== "running" || run.isStarting) return;
    run.isStarting = true;
    const { attempt } = run;
    // What is asked again may have been done, have ended, and wait for its next attempt by then.
    const again = () =>
      void timers.after(RETRY_MS, () => mine.runs.get(id)?.attempt === attempt && restart(mine, id));
    void start(mine, run)
      .then((isHeldUp) => isHeldUp && again())
      .catch((error: unknown) => {
        if (mine.isOver) return;
        log("warn", "a run of a task could not be started; it is tried again", { run: id, error });
        again();
      })
      .finally(() => {
        run.isStarting = false;
        // Its end came before its start was written down, and the next attempt had to wait for that.
        const isNext = !mine.isOver && mine.runs.get(id) === run && run.attempt !== attempt;
        if (isNext && run.status === "running" && run.executionId === null) restart(mine, id);
      });
  }

  /** True = not now: whoever watches it is told why, and it is asked again. */
  async function start(mine: RunnerReign, run: BoardRun): Promise<boolean> {
    const target = await parts.published.find(run.orgId, run.workflowId);
    if (!target) return end(mine, run, notPublished);
    const { trigger, input } = run.parsed;
    const cause = `task/${run.id}/${run.attempt}`;
    const items = Array.isArray(input) ? input : [input ?? {}];
    const result = await engine.start({
      ...{ orgId: run.orgId, envId: run.envId, ...target, mode: "production", actor: "task", cause },
      ...(trigger === undefined ? {} : { trigger }),
      items: items.map((json) => ({ json })),
      key: { key: cause, requestHash: "task", ttlMs: KEY_TTL_MS },
    });
    if (mine.isOver) return false;
    if (result.kind === "refused") {
      // Not now, and nothing is wrong with the run: the place is kept, and it is asked again.
      if (passing.test(result.code)) return heldUp(mine, run, result);
      return end(mine, run, {
        code: result.code,
        message: `${result.message} ${result.remedy}`,
        retryable: false,
      });
    }
    const { executionId } = result;
    Object.assign(run, { executionId, reason: null });
    mine.byExecution.set(executionId, run.id);
    run.progressOf = createProgress(await parts.nodesOf(target.versionId), run.progress);
    await store.noteExecutions(pool, [{ id: run.id, attempt: run.attempt, executionId }]);
    tell(run);
    // It may be over already, and its only turn have passed before we knew its name.
    await lookUp(mine, run);
    return false;
  }

  async function heldUp(
    mine: RunnerReign,
    run: BoardRun,
    { code, message, remedy }: { code: string; message: string; remedy: string },
  ): Promise<boolean> {
    const reason = say("start.refused", { message: `${message} ${remedy}`, error: code });
    if (run.reason?.text === reason.text) return true;
    run.reason = reason;
    await store.noteHeldUp(pool, { id: run.id, attempt: run.attempt, reason });
    if (!mine.isOver) tell(run);
    return true;
  }

  function end(mine: RunnerReign, run: BoardRun, failure: RunFailure): false {
    mine.ended.set(run.id, { executionId: run.executionId, status: "failed", failure });
    poke();
    return false;
  }

  /** The table says whether it is over; then the engine has its output, however busy everything is. */
  async function lookUp(
    mine: RunnerReign,
    run: Pick<BoardRun, "id" | "executionId">,
    isOver = false,
  ): Promise<void> {
    const { executionId } = run;
    if (executionId === null) return;
    if (!isOver && !isFinal((await store.executionStatus(pool, executionId)) ?? "")) return;
    const found = await engine.waitFor(executionId, END_WITHIN_MS);
    if (mine.isOver) return;
    if (found.kind !== "finished") throw new Error("the end of an execution is not there yet");
    const { status, output, failure } = found;
    mine.ended.set(run.id, { executionId, status, output, ...(failure ? { failure } : {}) });
    poke();
  }

  function onFacts(executionId: string, facts: readonly Fact[]): void {
    const mine = reign;
    const id = mine?.byExecution.get(executionId);
    const run = id === undefined ? undefined : mine?.runs.get(id);
    if (!mine || mine.isOver || !run) return;
    if (run.progressOf && follow(run.progressOf, facts)) moved.set(run.id, run);
    if (!facts.some(({ t }) => t === "ExecutionFinished")) return;
    void lookUp(mine, run, true).catch((error: unknown) => {
      log("warn", "the end of a task's execution could not be read", { execution: executionId, error });
      // The next reign reads it.
      mine.isOver = true;
      poke();
    });
  }

  async function tellProgress(mine: RunnerReign): Promise<void> {
    if (moved.size === 0 || timers.monotonic() - progressAt < PROGRESS_MS) return;
    progressAt = timers.monotonic();
    const runs = [...moved.values()].filter(({ id }) => mine.runs.get(id)?.status === "running");
    moved.clear();
    if (runs.length === 0) return;
    await store.writeProgress(
      pool,
      runs.map(({ id, progressOf }) => ({
        id,
        percent: progressOf?.percent ?? 0,
        stage: progressOf?.stage ?? null,
      })),
    );
    for (const run of runs) tell(run);
  }

  async function fallBack(run: BoardRun, task: string): Promise<void> {
    await transaction(pool, async (tx) => {
      const { rows } = await tx.query<{ id: string }>(
        "SELECT id FROM tasks WHERE org_id = $1 AND (id::text = $2 OR lower(name) = lower($2)) LIMIT 1",
        [run.orgId, task],
      );
      const [found] = rows;
      if (!found) return log("warn", "the fallback of a task does not exist", { run: run.id, task });
      await planFlow(
        tx,
        {
          ...{
            orgId: run.orgId,
            envId: run.envId,
            taskId: found.id,
            kind: "fallback",
            key: `fallback/${run.id}/${run.attempt}`,
          },
          ...{ dueMs: nowMs(), actor: "task", downstream: false, upstream: false, ignoresNeeds: true },
          input: run.parsed.input,
        },
        parts.newId,
      );
    });
    syncedAt = Number.NEGATIVE_INFINITY;
    isAsked = true;
  }

  function tell(run: Pick<BoardRun, "orgId" | "taskId" | "id">): void {
    parts.onChange({ orgId: run.orgId, taskId: run.taskId, runId: run.id });
  }
}

/** Refusals that end by themselves, or when somebody resumes the workflow or lifts its freeze. */
const passing = /LIMIT|BUSY|NOT_LEADING|MAINTENANCE|WORKFLOW_PAUSED|FROZEN/;

const notPublished: RunFailure = {
  code: "NOT_PUBLISHED",
  message: "Its workflow is not published.",
  retryable: false,
};

/** For a runner that stands alone: no execution takes places beside its runs. */
function ownGate({ pool, nowMs, log, timers }: RunnerParts): PoolGate {
  const none = { definitionOf: async () => undefined, keyOf: () => "" };
  return createPoolGate({ pool, nowMs, log, ...none, ...(timers ? { timers } : {}) });
}

function isFinal(status: string): boolean {
  return ["succeeded", "failed", "cancelled", "terminated"].includes(status);
}
