// The worker pool: gives activities to workers and stays responsible for their outcome. It knows neither processes nor
// sockets; localWorkers.ts and remoteWorkers.ts bring workers in, each with a channel.
//
// Invariants:
//   W1 a task is settled exactly once; what a worker says of a task it does not hold is ignored.
//   W2 a task of a lost worker is issued again under its key, unless it is `once`: then its outcome is unknown.
//   W3 a worker holds at most `concurrency` tasks, only of its organization, label and node types.
//   W4 a draining worker gets nothing new and ends when it holds nothing.
//   W5 a task that lost LOSSES_MAX workers is taken to be what ends them, and fails.
import type { FromWorker, WorkerHello } from "@auraos/contract";
import { LOST_AFTER_MS, MESSAGE_BYTES_MAX } from "@auraos/contract";
import { type ErrorClass, type Failure, NodeError, type RunActivity } from "@auraos/kernel";
import type { ActivityContext } from "@auraos/nodes";
import { callOf } from "../activities/activityCall.ts";
import type { About } from "../activities/activityContext.ts";
import type { ActivityOutcome, RecordStep } from "../engine/engine.types.ts";
import { messageOf } from "../engine/errors.ts";
import type { Log } from "../platform/log.ts";
import { failed, NOT_BEGUN, noWorker, STOPPED, tooLarge, workerLost } from "./failures.ts";
import { createHostCalls } from "./hostCalls.ts";
import type { Channel, PoolWorker, Task } from "./pool.types.ts";

export type WorkerPool = {
  /** Is there, or will there be, a worker for it? Otherwise it runs in this process. */
  takes(activity: RunActivity, computes: boolean): boolean;
  run(
    activity: RunActivity,
    about: About,
    signal: AbortSignal,
    record?: RecordStep,
  ): Promise<ActivityOutcome>;
  join(channel: Channel, about: WorkerHello, options: Joining): PoolWorker;
  /** What a worker says; anything may come from a remote one, in any order. */
  hear(worker: PoolWorker, message: FromWorker): void;
  /** It ended or does not answer any more. */
  leave(worker: PoolWorker): void;
  drain(worker: PoolWorker): void;
  find(id: string): PoolWorker | undefined;
  list(): PoolWorker[];
  waiting(): number;
  lost(): number;
  /** Called when work waits that a further local worker could take. */
  onDemand(start: () => void): void;
  /** How many local workers there are to be: decides whether computing activities go to workers at all. */
  expectLocal(count: number): void;
  close(): void;
};

type Joining = { kind: "local" | "remote"; orgId: string | null };

export type PoolNeeds = {
  context(
    activity: RunActivity,
    about: About,
    signal: AbortSignal,
    record: RecordStep | undefined,
  ): ActivityContext;
  /** Node types that every worker of this release has. */
  isLibrary(type: string): boolean;
  newId(): string;
  nowMs(): number;
  log: Log;
  lostAfterMs?: number;
  /** How long a task may go on after it was cancelled, before its worker is ended. */
  graceMs?: number;
};

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
      () => task.settle(failed(unbegun(task, whyNone(task.activity)))),
      task.activity.timeoutMs * WAIT_SHARE,
    );
    queue.splice(place, 0, task);
    if (task.activity.worker === undefined) startLocal();
    pump();
  }

  function whyNone({ worker: label, nodeType }: RunActivity): Failure {
    const labelled = [...workers.values()].filter(({ labels }) => label !== undefined && labels.has(label));
    const isUnknown = labelled.length > 0 && labelled.every(({ nodeTypes }) => !nodeTypes.has(nodeType));
    return noWorker(label, isUnknown ? nodeType : undefined);
  }

  /** Gives what waits to whoever is free, in order; what nobody can take does not hold up the rest. */
  function pump(): void {
    for (let place = 0; place < queue.length && hasFree(); ) {
      const task = queue[place] as Task;
      const worker = chooseFor(task);
      if (worker === undefined) place += 1;
      else {
        queue.splice(place, 1);
        give(task, worker);
      }
    }
  }

  function hasFree(): boolean {
    for (const worker of workers.values()) if (isFree(worker)) return true;
    return false;
  }

  function isFree(worker: PoolWorker): boolean {
    return worker.state === "ready" && worker.running.size < worker.about.concurrency;
  }

  /** The one with the smallest share of its places taken. */
  function chooseFor({ activity, about }: Task): PoolWorker | undefined {
    let best: PoolWorker | undefined;
    for (const worker of workers.values()) {
      if (!isFree(worker) || !worker.nodeTypes.has(activity.nodeType)) continue;
      if (worker.orgId !== null && worker.orgId !== about.orgId) continue;
      const fits =
        activity.worker === undefined ? worker.labels.size === 0 : worker.labels.has(activity.worker);
      if (fits && (best === undefined || load(worker) < load(best))) best = worker;
    }
    return best;
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
    } else if (message.type === "done") {
      const task = worker.running.get(message.task);
      if (task === undefined) return;
      const outcome = soundOutcome(message.outcome);
      worker[outcome.kind === "failed" ? "failed" : "completed"] += 1;
      task.settle(outcome);
    } else if (message.type === "call") void answer(worker, message);
    else if (message.type === "bye") leave(worker, false);
  }

  async function answer(worker: PoolWorker, asked: FromWorker & { type: "call" }): Promise<void> {
    const task = worker.running.get(asked.task);
    let reply: { value: unknown } | { failure: unknown };
    try {
      if (task === undefined || task.signal.aborted) throw new NodeError(NOT_BEGUN);
      task.calls ??= createHostCalls(needs.context(task.activity, task.about, task.signal, task.record));
      reply = { value: (await task.calls.answer(asked.method, asked.args)) ?? null };
    } catch (error) {
      // Codes of the file system are what file nodes look at; nothing else of a foreign error leaves the server.
      const code = (error as { code?: unknown } | null)?.code;
      reply = {
        failure:
          error instanceof NodeError
            ? error.failure
            : { message: messageOf(error), ...(typeof code === "string" ? { system: code } : {}) },
      };
    }
    if (worker.state === "gone") return;
    try {
      worker.channel.send({ type: "reply", call: asked.call, ...reply });
    } catch (error) {
      if (error instanceof MessageTooLarge)
        worker.channel.send({ type: "reply", call: asked.call, failure: tooLarge("The answer to the step") });
    }
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

function load(worker: PoolWorker): number {
  return worker.running.size / worker.about.concurrency;
}

/** Thrown by a channel: nothing of the message was sent. */
export class MessageTooLarge extends Error {}

export function textOf(message: unknown): string {
  const text = JSON.stringify(message);
  if (text.length > MESSAGE_BYTES_MAX) throw new MessageTooLarge();
  return text;
}

const classes: ReadonlySet<string> = new Set<ErrorClass>([
  "network",
  "timeout",
  "rateLimited",
  "server",
  "client",
  "auth",
  "data",
  "code",
  "limit",
  "cancelled",
  "unknown",
]);

/** An outcome in the engine's words, whatever a worker of another make says. */
function soundOutcome(outcome: (FromWorker & { type: "done" })["outcome"]): ActivityOutcome {
  if (outcome.kind !== "failed") return outcome as ActivityOutcome;
  const failure = outcome.failure as Failure;
  return failed(classes.has(failure.class) ? failure : { ...failure, class: "unknown" });
}
