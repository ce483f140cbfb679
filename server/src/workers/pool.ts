// The worker pool: gives activities to workers and stays responsible for their outcome. It knows neither processes nor
// sockets; localWorkers.ts and remoteWorkers.ts bring workers in, each with a channel.
//
// Invariants:
//   W1 a task is settled exactly once; what a worker says of a task it does not hold is ignored.
//   W2 a task of a lost worker is issued again under its key, unless it is `once`: then its outcome is unknown.
//   W3 a worker holds at most `concurrency` tasks, only of its organization, label and node types.
//   W4 a draining worker gets nothing new and ends when it holds nothing.
//   W5 a task that lost LOSSES_MAX workers is taken to be what ends them, and fails.
import { type FromWorker, LOST_AFTER_MS, type WorkerHello } from "@auraos/contract";
import type { Failure, RunActivity } from "@auraos/kernel";
import type { ActivityContext } from "@auraos/nodes";
import { callOf } from "../activities/activityCall.ts";
import type { About } from "../activities/activityContext.ts";
import type { ActivityOutcome, RecordStep } from "../engine/engine.types.ts";
import { answer } from "./answer.ts";
import { chooseFor, isFree, whyNone } from "./choose.ts";
import { failed, NOT_BEGUN, STOPPED, tooLarge, workerLost } from "./failures.ts";
import { MessageTooLarge } from "./message.ts";
import { soundOutcome } from "./outcome.ts";
import type { Channel, Joining, PoolNeeds, PoolWorker, Task, WorkerPool } from "./pool.types.ts";

const LOSSES_MAX = 25;
const LOSS_WAIT_MS_MAX = 5_000;
const GRACE_MS = 5_000;
/** What began late would run into its time limit, and of a `once` nobody would know what came of it. */
const WAIT_SHARE = 0.5;

export function createWorkerPool(needs: PoolNeeds): WorkerPool {
  const { log, nowMs } = needs;
  const workers = new Map<string, PoolWorker>();
  const queue: Task[] = [];
  const lostAfterMs = needs.lostAfterMs ?? LOST_AFTER_MS;
  let localCount = 0;
  let lostCount = 0;
  let isClosed = false;
  let lastTask = 0;
  let startLocal = () => {};
  const watch = setInterval(dropSilent, Math.max(50, lostAfterMs / 4)).unref();

  return {
    takes,
    run,
    join,
    hear,
    leave: (worker) => leave(worker, false),
    drain,
    find: (id) => workers.get(id),
    list: () => [...workers.values()],
    waiting: () => queue.length,
    lost: () => lostCount,
    onDemand(start) {
      startLocal = start;
    },
    expectLocal(count) {
      localCount = count;
    },
    close,
  };

  function takes(activity: RunActivity, computes: boolean): boolean {
    if (activity.worker !== undefined) return true;
    if (!computes || isClosed) return false;
    if (localCount > 0 && needs.isLibrary(activity.nodeType)) return true;
    for (const worker of workers.values())
      if (worker.labels.size === 0 && worker.nodeTypes.has(activity.nodeType)) return true;
    return false;
  }

  function run(
    activity: RunActivity,
    about: About,
    signal: AbortSignal,
    record?: RecordStep,
  ): Promise<ActivityOutcome> {
    return new Promise((resolve) => {
      if (signal.aborted || isClosed) return resolve(failed(NOT_BEGUN));
      lastTask += 1;
      const task: Task = {
        id: String(lastTask),
        activity,
        about,
        signal,
        steps: activity.steps,
        record:
          record &&
          (async (step, entry) => {
            await record(step, entry);
            // A worker that takes over goes on from here.
            const steps = [...(task.steps ?? [])];
            steps[step] = entry;
            task.steps = steps;
          }),
        state: "waiting",
        worker: null,
        calls: null,
        sinceMs: nowMs(),
        losses: 0,
        timer: undefined,
        settle(outcome) {
          if (task.state === "over") return;
          release(task);
          task.state = "over";
          signal.removeEventListener("abort", onAbort);
          resolve(outcome);
        },
      };
      const onAbort = () => abort(task);
      signal.addEventListener("abort", onAbort, { once: true });
      enqueue(task, queue.length);
    });
  }

  function enqueue(task: Task, place: number): void {
    task.state = "waiting";
    task.timer = setTimeout(
      () => task.settle(failed(unbegun(task, whyNone(workers.values(), task)))),
      task.activity.timeoutMs * WAIT_SHARE,
    );
    queue.splice(place, 0, task);
    if (task.activity.worker === undefined) startLocal();
    pump();
  }

  /** Gives what waits to whoever is free, in order; what nobody can take does not hold up the rest. */
  function pump(): void {
    for (let place = 0; place < queue.length && hasFree(); ) {
      const task = queue[place] as Task;
      const worker = chooseFor(workers.values(), task);
      if (worker === undefined) place += 1;
      else {
        queue.splice(place, 1);
        give(task, worker);
      }
    }
    needs.onChange?.();
  }

  function hasFree(): boolean {
    for (const worker of workers.values()) if (isFree(worker)) return true;
    return false;
  }

  function give(task: Task, worker: PoolWorker): void {
    const { activity } = task;
    const { nodeType, confirm, timeoutMs } = activity;
    const call = callOf({ ...activity, ...(task.steps === undefined ? {} : { steps: task.steps }) });
    clearTimeout(task.timer);
    task.timer = undefined;
    task.state = "running";
    task.worker = worker;
    task.sinceMs = nowMs();
    worker.running.set(task.id, task);
    try {
      worker.channel.send({
        type: "run",
        task: task.id,
        activity: { nodeType, confirm, call, timeoutMs },
      });
    } catch (error) {
      if (error instanceof MessageTooLarge) return task.settle(failed(tooLarge("The input of the step")));
      log("warn", "a worker could not be reached", { worker: worker.about.name, error });
      leave(worker, true);
    }
  }

  /** Wherever it is, it is there no longer. */
  function release(task: Task): void {
    clearTimeout(task.timer);
    task.timer = undefined;
    task.calls?.close();
    task.calls = null;
    const place = queue.indexOf(task);
    if (place >= 0) queue.splice(place, 1);
    const { worker } = task;
    if (worker === null) return;
    task.worker = null;
    worker.running.delete(task.id);
    if (worker.state === "draining") endWhenIdle(worker);
    pump();
  }

  function abort(task: Task): void {
    if (task.state === "waiting") return task.settle(failed(unbegun(task, NOT_BEGUN)));
    const { worker } = task;
    if (task.state !== "running" || worker === null) return;
    worker.channel.send({ type: "cancel", task: task.id });
    task.timer = setTimeout(() => {
      log("warn", "a worker did not stop a cancelled step and is ended", { worker: worker.about.name });
      worker.channel.kill();
      leave(worker, true);
    }, needs.graceMs ?? GRACE_MS);
  }

  function join(channel: Channel, about: WorkerHello, { kind, orgId }: Joining): PoolWorker {
    const at = nowMs();
    const worker: PoolWorker = {
      id: needs.newId(),
      kind,
      about,
      labels: new Set(about.labels),
      nodeTypes: new Set(about.nodeTypes),
      orgId,
      channel,
      state: "ready",
      running: new Map(),
      completed: 0,
      failed: 0,
      memoryBytes: null,
      cpuPercent: null,
      joinedMs: at,
      heardMs: at,
    };
    workers.set(worker.id, worker);
    channel.send({ type: "welcome", worker: worker.id });
    log(kind === "remote" ? "info" : "debug", "a worker joined", { worker: about.name, kind });
    pump();
    return worker;
  }

  function hear(worker: PoolWorker, message: FromWorker): void {
    if (worker.state === "gone") return;
    worker.heardMs = nowMs();
    if (message.type === "beat") {
      worker.memoryBytes = message.memoryBytes;
      worker.cpuPercent = message.cpuPercent;
      needs.onChange?.();
    } else if (message.type === "done") {
      const task = worker.running.get(message.task);
      if (task === undefined) return;
      const outcome = soundOutcome(message.outcome);
      worker[outcome.kind === "failed" ? "failed" : "completed"] += 1;
      task.settle(outcome);
    } else if (message.type === "call") void answer(worker, message, contextOf);
    else if (message.type === "bye") leave(worker, false);
  }

  function contextOf({ activity, about, signal, record }: Task): ActivityContext {
    return needs.context(activity, about, signal, record);
  }

  function leave(worker: PoolWorker, isLost: boolean): void {
    if (worker.state === "gone") return;
    worker.state = "gone";
    workers.delete(worker.id);
    const tasks = [...worker.running.values()];
    worker.running.clear();
    if (tasks.length > 0 || isLost) {
      lostCount += 1;
      log("warn", "a worker was lost", { worker: worker.about.name, activities: tasks.length });
    }
    for (const task of tasks) {
      task.worker = null;
      again(task, worker.about.name);
    }
    if (queue.length > 0) startLocal();
    pump();
  }

  function again(task: Task, name: string): void {
    const { activity, signal } = task;
    task.losses += 1;
    const mayRepeat = activity.effect !== "once" || activity.confirm;
    if (isClosed) return task.settle(failed(STOPPED));
    if (signal.aborted || !mayRepeat || task.losses >= LOSSES_MAX)
      return task.settle(failed(workerLost(name, task.losses)));
    clearTimeout(task.timer);
    task.calls?.close();
    task.calls = null;
    // In front, because it has waited before; but what ends worker after worker waits longer each time, behind others.
    const isFirst = task.losses === 1;
    const waitMs = isFirst ? 0 : Math.min(LOSS_WAIT_MS_MAX, 50 * 2 ** task.losses);
    task.state = "waiting";
    task.timer = setTimeout(
      () => task.state === "waiting" && enqueue(task, isFirst ? 0 : queue.length),
      waitMs,
    );
  }

  function drain(worker: PoolWorker): void {
    if (worker.state !== "ready") return;
    worker.state = "draining";
    worker.channel.send({ type: "drain" });
    needs.onChange?.();
    endWhenIdle(worker);
  }

  /** Nothing to wait for: a worker that says bye itself is only faster. */
  function endWhenIdle(worker: PoolWorker): void {
    if (worker.running.size > 0) return;
    setTimeout(() => {
      if (worker.state === "draining" && worker.running.size === 0) leave(worker, false);
    }, 2_000).unref();
  }

  function dropSilent(): void {
    const before = nowMs() - lostAfterMs;
    for (const worker of workers.values()) {
      if (worker.heardMs >= before) continue;
      worker.channel.kill();
      leave(worker, true);
    }
  }

  function close(): void {
    isClosed = true;
    clearInterval(watch);
    for (const task of queue.splice(0)) task.settle(failed(unbegun(task, NOT_BEGUN)));
    for (const worker of [...workers.values()]) {
      worker.channel.kill();
      leave(worker, false);
    }
  }
}

/** Why it was not begun, unless a worker that was lost may have done it. */
function unbegun({ losses }: Task, why: Failure): Failure {
  return losses > 0 ? workerLost("before", losses) : why;
}
