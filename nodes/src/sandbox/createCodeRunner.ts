// Runs code that people wrote, where it can do no harm.
//
// Three walls: the WASM instance (guest.ts), a worker thread with an empty environment and a small heap, and this
// supervisor, which kills the thread from outside when its clock runs out. The last wall is there because built-ins of
// QuickJS do not ask whether to go on: one string search can take minutes.
//
// Invariants:
// 1. A worker has at most one task; a task is settled exactly once.
// 2. A worker that was killed, crashed or broke its instance is never used again.
// 3. Threads start with the first task, and idle threads do not keep the process alive.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Json } from "@auraos/kernel";
import type { ActivityError, CodeRunner } from "../defineNode.ts";
import { codeAborted, codeError, codeTooLong, inputTooLarge, runnerUnavailable } from "./codeFailures.ts";
import {
  type CodeLimits,
  type CodeReply,
  type CodeTask,
  codeLimits,
  cpuFactor,
  type WorkerData,
  type WorkerMessage,
  wallFactor,
} from "./protocol.ts";

type Request = Parameters<CodeRunner["run"]>[0];
type Result = Awaited<ReturnType<CodeRunner["run"]>>;
type Job = { task: CodeTask; finish: (reply: CodeReply) => void; fail: (error: ActivityError) => void };
type Seat = {
  worker: Worker;
  state: "starting" | "ready" | "busy" | "gone";
  job: Job | undefined;
  clock: NodeJS.Timeout | undefined;
  /** Computing time of the thread when it last said something. */
  usedMs: number;
};

export type CodeRunnerOptions = {
  /** Tasks at the same time; one more thread stands by for a killed one. */
  workers?: number;
  limits?: Partial<CodeLimits>;
};

const workerHeapMb = 96;

let compiled: Promise<WebAssembly.Module> | undefined;
function quickjsModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm"))).then((bytes) =>
    WebAssembly.compile(bytes),
  );
  return compiled;
}

export function createCodeRunner(options: CodeRunnerOptions = {}): CodeRunner & { close(): Promise<void> } {
  const limits: CodeLimits = { ...codeLimits, ...options.limits };
  const workersMax = Math.max(1, options.workers ?? 2);
  const seats = new Set<Seat>();
  const queue: Job[] = [];
  let isClosed = false;

  return { run, close };

  async function run(request: Request): Promise<Result> {
    const { code, signal } = request;
    if (signal.aborted) throw codeAborted(signal);
    if (isClosed) throw runnerUnavailable("The code runner is closed.");
    if (code.length > limits.codeBytes) throw codeTooLong(limits);
    const input = JSON.stringify(request.items);
    const inputBytes = Buffer.byteLength(input);
    if (inputBytes > limits.inputBytes) throw inputTooLarge(inputBytes, limits);
    const { language, nowMs, seed } = request;
    const { outcome, logs } = await answerTo({ code, language, input, nowMs, seed }, signal);
    if (outcome.kind !== "done") throw codeError(outcome, { code, logs, limits });
    const result: Json | undefined = outcome.text === undefined ? undefined : JSON.parse(outcome.text);
    return { result, logs };
  }

  function answerTo(task: CodeTask, signal: AbortSignal): Promise<CodeReply> {
    return new Promise((resolve, reject) => {
      const job: Job = {
        task,
        finish(reply) {
          signal.removeEventListener("abort", onAbort);
          resolve(reply);
        },
        fail(error) {
          signal.removeEventListener("abort", onAbort);
          reject(error);
        },
      };
      const onAbort = () => drop(job, codeAborted(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      queue.push(job);
      void assign();
    });
  }

  /** Gives waiting tasks to free workers, and sees to it that there are enough of those. */
  async function assign(): Promise<void> {
    for (const seat of seats) {
      if (seat.state !== "ready" || count("busy") >= workersMax) continue;
      const job = queue.shift();
      if (!job) break;
      begin(seat, job);
    }
    const wanted = Math.min(workersMax, count("busy") + queue.length) + 1;
    if (seats.size >= wanted || isClosed) return;
    const quickjs = await quickjsModule();
    while (seats.size < wanted && !isClosed) start(quickjs);
  }

  function begin(seat: Seat, job: Job): void {
    seat.state = "busy";
    seat.job = job;
    seat.worker.ref();
    watch(seat, job, limits.cpuMs * cpuFactor, performance.now() + limits.cpuMs * wallFactor);
    seat.worker.postMessage(job.task);
  }

  /** Looks again after `delayMs`, the least time in which the thread can use up what it has left. */
  function watch(seat: Seat, job: Job, delayMs: number, untilMs: number): void {
    seat.clock = setTimeout(async () => {
      const leftMs = limits.cpuMs * cpuFactor - (await usedBy(seat));
      if (seat.job !== job) return;
      if (leftMs > 0 && performance.now() < untilMs) return watch(seat, job, Math.max(leftMs, 20), untilMs);
      remove(seat);
      job.finish({ outcome: { kind: "limit", limit: "cpu" }, logs: [] });
    }, delayMs);
  }

  /** Computing time since the task began. The system knows it also when the thread answers nobody. */
  async function usedBy(seat: Seat): Promise<number> {
    try {
      const { user, system } = await seat.worker.cpuUsage();
      return (user + system) / 1000 - seat.usedMs;
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  }

  function start(quickjs: WebAssembly.Module): void {
    const workerData: WorkerData = { quickjs, limits };
    const worker = new Worker(new URL("./codeWorker.ts", import.meta.url), {
      name: "code",
      workerData,
      env: {},
      argv: [],
      // Under Node's permission model a thread must inherit the flags, or it would be free of their limits.
      ...(process.permission === undefined ? { execArgv: [] } : {}),
      // Read by nobody: the guest has no way to print, and warnings of Node are not the person's.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: workerHeapMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    const seat: Seat = { worker, state: "starting", job: undefined, clock: undefined, usedMs: 0 };
    seats.add(seat);
    if (queue.length === 0) worker.unref();
    worker.on("message", (message: WorkerMessage) => hear(seat, message));
    worker.on("error", () => lose(seat));
    worker.on("exit", () => lose(seat));
  }

  function hear(seat: Seat, message: WorkerMessage): void {
    if (seat.state === "gone") return;
    seat.usedMs = message.usedMs;
    if (message.type === "reply") {
      const { job } = seat;
      clearTimeout(seat.clock);
      seat.job = undefined;
      const { outcome } = message.reply;
      if (outcome.kind === "limit" && outcome.limit === "crashed") remove(seat);
      job?.finish(message.reply);
    }
    if (seats.has(seat)) {
      seat.state = "ready";
      seat.worker.unref();
    }
    void assign();
  }

  /** The worker ended by itself: out of heap, or something is wrong with this installation. */
  function lose(seat: Seat): void {
    if (seat.state === "gone") return;
    const { state, job } = seat;
    remove(seat);
    job?.finish({ outcome: { kind: "limit", limit: "crashed" }, logs: [] });
    // Starting another at once could go on for ever; the next task tries again.
    if (state === "starting")
      queue.shift()?.fail(runnerUnavailable("The code runner could not start a thread."));
  }

  function drop(job: Job, error: ActivityError): void {
    const place = queue.indexOf(job);
    if (place >= 0) queue.splice(place, 1);
    const seat = [...seats].find((one) => one.job === job);
    if (seat) remove(seat);
    job.fail(error);
  }

  function remove(seat: Seat): void {
    clearTimeout(seat.clock);
    seat.state = "gone";
    seat.job = undefined;
    seats.delete(seat);
    void seat.worker.terminate();
    void assign();
  }

  function count(state: Seat["state"]): number {
    let found = 0;
    for (const seat of seats) if (seat.state === state) found += 1;
    return found;
  }

  async function close(): Promise<void> {
    isClosed = true;
    const waiting = [...queue.splice(0), ...[...seats].flatMap((seat) => seat.job ?? [])];
    const workers = [...seats].map((seat) => seat.worker);
    for (const seat of [...seats]) remove(seat);
    for (const job of waiting) job.fail(runnerUnavailable("The code runner is closed."));
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
