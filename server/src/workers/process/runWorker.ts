// The main thread of a worker: speaks with the server, and keeps one thread per place in which activities run. It does
// no work itself, so it always answers: a step that computes without end is ended from here, and a step that takes too
// much memory takes its thread with it and nothing else.
import { hostname } from "node:os";
import { Worker } from "node:worker_threads";
import { BEAT_MS, PROTOCOL, type ToWorker } from "@auraos/contract";
import type { Failure } from "@auraos/kernel";
import { CALLS_MAX, type ExecutorData, type FromExecutor, type Link, type ToExecutor } from "./link.ts";

export type WorkerOptions = {
  version: string;
  name: string;
  labels: string[];
  concurrency: number;
  /** Of one activity, MB. */
  memoryMb: number;
  allowHosts: string[] | null;
  /** Folder for what activities put on the disk. */
  scratch: string;
  /** Folder of the operator's own node types. Processes of the server have none: they may read nothing but the program. */
  nodesDir?: string | undefined;
};

export type RunningWorker = {
  /** Speaks to this server from now on; the one before is forgotten, with what it had asked for. */
  attach(link: Link): void;
  onWelcome(listen: (id: string) => void): void;
  onRefused(listen: (why: ToWorker & { type: "refused" }) => void): void;
  /** Finishes what runs, takes nothing new, then calls back. */
  onDrained(listen: () => void): void;
  drain(): void;
  stop(): Promise<void>;
};

type Seat = {
  number: number;
  thread: Worker;
  isReady: boolean;
  task: string | null;
  /** Memory of the process when its step began: what one before it left behind is not its own. */
  beganBytes: number;
  clock: NodeJS.Timeout | undefined;
};

/** A cancelled step that does not stop by itself within this is ended with its thread. */
const STOP_WITHIN_MS = 500;
/** Memory beside the heap (buffers), watched from outside because V8 does not bound it. */
const LOOK_MS = 250;

export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  const seats = new Set<Seat>();
  let nodeTypes: string[] = [];
  let link: Link | null = null;
  let isDraining = false;
  let isStopped = false;
  const heard = { welcome: (_id: string) => {}, refused: (_why: ToWorker & { type: "refused" }) => {} };
  let drained = () => {};
  let started = 0;
  const waiting: (ToWorker & { type: "run" })[] = [];
  const baseBytes = process.memoryUsage.rss();

  await new Promise<void>((resolve, reject) => {
    for (let place = 0; place < options.concurrency; place += 1) start(resolve, reject);
  });
  let cpu = process.cpuUsage();
  let cpuAt = performance.now();
  const beats = setInterval(beat, BEAT_MS);
  const looks = setInterval(watchMemory, LOOK_MS);
  return {
    attach,
    drain,
    onWelcome(listen) {
      heard.welcome = listen;
    },
    onRefused(listen) {
      heard.refused = listen;
    },
    onDrained(listen) {
      drained = listen;
    },
    async stop() {
      isStopped = true;
      clearInterval(beats);
      clearInterval(looks);
      await Promise.all([...seats].map((seat) => seat.thread.terminate()));
    },
  };

  function attach(next: Link): void {
    link = next;
    // What the server before wanted is issued again by it; nobody waits for it here any more.
    waiting.splice(0);
    for (const seat of seats) if (seat.task !== null) replace(seat);
    next.onMessage((message) => link === next && hear(message));
    const { version, name, labels, concurrency } = options;
    const about = { version, name, labels, concurrency, nodeTypes, host: hostname(), pid: process.pid };
    next.send({ type: "hello", protocol: PROTOCOL, ...about });
  }

  function hear(message: ToWorker): void {
    if (message.type === "welcome") heard.welcome(message.worker);
    else if (message.type === "refused") heard.refused(message);
    else if (message.type === "drain") drain();
    else if (message.type === "run") {
      waiting.push(message);
      assign();
    } else if (message.type === "cancel") cancel(message.task);
    else {
      const number = Math.floor(message.call / CALLS_MAX);
      for (const seat of seats) if (seat.number === number) tell(seat, message);
    }
  }

  function assign(): void {
    for (const seat of seats) {
      if (!seat.isReady || seat.task !== null) continue;
      const next = waiting.shift();
      if (next === undefined) break;
      seat.task = next.task;
      seat.beganBytes = process.memoryUsage.rss();
      tell(seat, next);
    }
    if (isDraining && waiting.length === 0 && [...seats].every((seat) => seat.task === null)) endDrained();
  }

  function endDrained(): void {
    isDraining = false;
    link?.send({ type: "bye" });
    drained();
  }

  function cancel(task: string): void {
    const place = waiting.findIndex((one) => one.task === task);
    if (place >= 0) {
      waiting.splice(place, 1);
      return done(task, { ...CANCELLED, certainty: "notDone" });
    }
    const seat = [...seats].find((one) => one.task === task);
    if (seat === undefined) return;
    tell(seat, { type: "cancel", task });
    seat.clock = setTimeout(() => {
      if (seat.task !== task) return;
      done(task, CANCELLED);
      replace(seat);
    }, STOP_WITHIN_MS);
  }

  function start(ready: () => void = () => {}, failed: (error: Error) => void = () => {}): void {
    started += 1;
    const number = started;
    const { allowHosts, scratch, nodesDir = null } = options;
    const workerData: ExecutorData = { allowHosts, scratch, nodesDir, firstCall: number * CALLS_MAX };
    const thread = new Worker(new URL("./executor.ts", import.meta.url), {
      name: "activity",
      workerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb, maxYoungGenerationSizeMb: 32 },
    });
    const seat: Seat = { number, thread, isReady: false, task: null, beganBytes: 0, clock: undefined };
    seats.add(seat);
    thread.on("message", (message: FromExecutor) => {
      if (message.type === "ready") {
        nodeTypes = message.nodeTypes;
        seat.isReady = true;
        ready();
        return assign();
      }
      // A thread that was given up may still say something.
      if (!seats.has(seat) || message.task !== seat.task) return;
      link?.send(message);
      if (message.type === "done") free(seat);
    });
    thread.on("error", (error) => {
      failed(error);
      if (!seats.has(seat)) return;
      const isMemory = (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
      if (seat.task !== null) done(seat.task, isMemory ? outOfMemory(options.memoryMb) : broken(error));
      replace(seat);
    });
    thread.on("exit", () => {
      if (!seats.has(seat) || isStopped) return;
      if (seat.task !== null) done(seat.task, broken(new Error("its thread ended")));
      replace(seat);
    });
  }

  function free(seat: Seat): void {
    clearTimeout(seat.clock);
    seat.task = null;
    assign();
  }

  /** The thread and whatever it does are given up; another takes its place. */
  function replace(seat: Seat): void {
    clearTimeout(seat.clock);
    const isBorn = seat.isReady;
    seats.delete(seat);
    void seat.thread.terminate();
    if (isStopped) return;
    // One that does not even come up is not started over and over without a pause.
    if (isBorn) start();
    else setTimeout(() => isStopped || start(), 1_000);
    assign();
  }

  function tell(seat: Seat, message: ToExecutor): void {
    seat.thread.postMessage(message);
  }

  function done(task: string, failure: Failure): void {
    link?.send({ type: "done", task, outcome: { kind: "failed", failure: failure as never } });
  }

  function drain(): void {
    isDraining = true;
    assign();
  }

  function beat(): void {
    const used = process.cpuUsage(cpu);
    const now = performance.now();
    const cpuPercent = (used.user + used.system) / 10 / Math.max(1, now - cpuAt);
    cpu = process.cpuUsage();
    cpuAt = now;
    link?.send({
      type: "beat",
      memoryBytes: process.memoryUsage.rss(),
      cpuPercent: Math.round(cpuPercent * 10) / 10,
    });
  }

  /** With several places nobody knows whose buffers they are; then only the heap is bounded. */
  function watchMemory(): void {
    if (options.concurrency > 1) return;
    const [seat] = [...seats].filter((one) => one.task !== null);
    if (seat?.task == null) return;
    const ownBytes = process.memoryUsage.rss() - Math.max(baseBytes, seat.beganBytes);
    if (ownBytes < (options.memoryMb + ROOM_MB) * 2 ** 20) return;
    done(seat.task, outOfMemory(options.memoryMb));
    replace(seat);
  }
}

/** Code, young generation and the sandbox of a code step, beside what the step itself holds, MB. */
const ROOM_MB = 192;

const CANCELLED: Failure = {
  code: "CANCELLED",
  class: "cancelled",
  message: "The step was cancelled while a worker ran it.",
  certainty: "unknown",
};

function outOfMemory(memoryMb: number): Failure {
  return {
    code: "MEMORY_LIMIT",
    class: "limit",
    message: `The step needed more than ${memoryMb} MB of memory.`,
    remedy:
      "Pass large data as a file and use a node that streams it (Transform rows), give the step fewer items, or raise " +
      "AURAOS_ACTIVITY_MB.",
    retryable: false,
    certainty: "unknown",
  };
}

function broken(error: Error): Failure {
  return {
    code: "ACTIVITY_CRASHED",
    class: "code",
    message: `The step broke its thread: ${error.message}`,
    remedy: "The step itself is broken: report this with the execution.",
    certainty: "unknown",
  };
}
