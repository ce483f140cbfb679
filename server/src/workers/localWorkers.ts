// Keeps the worker processes of this machine: as many as were asked for, started when there is first work for them,
// started again when they end by themselves.
//
// A process has an empty environment, reads the program's own folders and nothing else, writes into one scratch folder, starts no
// programs (Node's permission model, as one wall of several), and has no key, connection or file of anybody: what a
// step needs it asks of the server, which answers for that step only.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { FromWorker, WorkerHello } from "@auraos/contract";
import { nodeFlags } from "../../../tools/nodeFlags.mjs";
import type { Log } from "../platform/log.ts";
import { textOf } from "./message.ts";
import type { Channel, PoolWorker, WorkerPool } from "./pool.types.ts";
import type { WorkerOptions } from "./process/runWorker.ts";

export type LocalWorkers = {
  count(): number;
  /** More start at once; of too many the idle ones end first and the others finish what they run. */
  set(count: number): void;
  /** This one, and one fewer from now on. */
  drain(worker: PoolWorker): void;
  remove(worker: PoolWorker): void;
  close(): Promise<void>;
};

export type LocalOptions = {
  pool: WorkerPool;
  count: number;
  version: string;
  /** Of one activity, MB. */
  memoryMb: number;
  /** Each process gets a folder of its own in here, and writes nowhere else. */
  scratch: string;
  log: Log;
};

/** A process that is up or coming up. */
type Place = {
  process: ChildProcess;
  name: string;
  scratch: string;
  worker: PoolWorker | null;
  isEnding: boolean;
};

const root = join(import.meta.dirname, "../../..");
/** The program itself; the data folder may lie beside it and is not in here. */
const readable = ["server", "nodes", "kernel", "expression", "contract", "tools", "node_modules"]
  .flatMap((room) => [join(root, room), join(root, room, "*")])
  .concat(join(root, "package.json"));
const entry = join(import.meta.dirname, "process/localMain.ts");
const restartMs = { first: 100, most: 10_000 };

export function createLocalWorkers(options: LocalOptions): LocalWorkers {
  const { pool, log } = options;
  const places = new Set<Place>();
  let wanted = options.count;
  let isWanted = false;
  let isClosed = false;
  let numbers = 0;
  /** Processes in a row that ended before they had joined. */
  let stillborn = 0;
  let retry: NodeJS.Timeout | undefined;
  pool.expectLocal(wanted);
  pool.onDemand(() => {
    if (isWanted) return;
    isWanted = true;
    fill();
  });
  return { count: () => wanted, set, drain, remove, close };

  function set(count: number): void {
    wanted = count;
    pool.expectLocal(wanted);
    isWanted = true;
    const staying = [...places].filter((place) => !place.isEnding);
    const idleFirst = staying.sort((a, b) => load(a) - load(b));
    for (const place of idleFirst.slice(0, Math.max(0, staying.length - wanted))) {
      place.isEnding = true;
      if (place.worker === null) place.process.kill("SIGKILL");
      else pool.drain(place.worker);
    }
    fill();
  }

  function drain(worker: PoolWorker): void {
    giveUp(worker);
    pool.drain(worker);
  }

  function remove(worker: PoolWorker): void {
    giveUp(worker);
    worker.channel.kill();
    pool.leave(worker);
  }

  function giveUp(worker: PoolWorker): void {
    for (const place of places) {
      if (place.worker !== worker || place.isEnding) continue;
      place.isEnding = true;
      wanted = Math.max(0, wanted - 1);
      pool.expectLocal(wanted);
    }
  }

  function fill(): void {
    if (isClosed || retry !== undefined) return;
    const there = [...places].filter((place) => !place.isEnding).length;
    for (let missing = wanted - there; missing > 0; missing -= 1) start();
  }

  function start(): void {
    numbers += 1;
    const name = `local-${numbers}`;
    const { version, memoryMb } = options;
    const scratch = join(options.scratch, name);
    mkdirSync(scratch, { recursive: true, mode: 0o700 });
    const about: WorkerOptions = {
      version,
      name,
      labels: [],
      concurrency: 1,
      memoryMb,
      allowHosts: null,
      scratch,
    };
    const child = spawn(process.execPath, [...flags(scratch), entry, JSON.stringify(about)], {
      cwd: root,
      env: environment(),
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const place: Place = { process: child, name, scratch, worker: null, isEnding: false };
    places.add(place);
    let said = "";
    child.stderr?.on("data", (text: Buffer) => {
      said = (said + text.toString("utf8")).slice(-2_000);
    });
    child.on("message", (text) => hear(place, JSON.parse(String(text)) as FromWorker));
    child.on("error", (error) => ended(place, error.message));
    child.on("exit", (code, signal) => ended(place, said.trim() || `exit ${signal ?? code}`));
  }

  function hear(place: Place, message: FromWorker): void {
    if (message.type === "hello") admit(place, message);
    else if (place.worker !== null) pool.hear(place.worker, message);
  }

  function admit(place: Place, about: WorkerHello): void {
    stillborn = 0;
    if (place.isEnding || isClosed) return void place.process.kill("SIGKILL");
    place.worker = pool.join(channelOf(place.process), about, { kind: "local", orgId: null });
  }

  function ended(place: Place, why: string): void {
    if (!places.delete(place)) return;
    rmSync(place.scratch, { recursive: true, force: true });
    if (place.worker !== null) pool.leave(place.worker);
    else if (!place.isEnding && !isClosed) {
      stillborn += 1;
      log("warn", "a worker process did not start", { worker: place.name, why });
    }
    if (isClosed) return;
    if (stillborn === 0) return fill();
    const delayMs = Math.min(restartMs.most, restartMs.first * 2 ** stillborn);
    clearTimeout(retry);
    retry = setTimeout(() => {
      retry = undefined;
      fill();
    }, delayMs).unref();
  }

  async function close(): Promise<void> {
    isClosed = true;
    clearTimeout(retry);
    await Promise.all(
      [...places].map(
        (place) =>
          new Promise<void>((resolve) => {
            if (place.process.exitCode !== null || place.process.signalCode !== null) return resolve();
            place.process.once("exit", () => resolve());
            place.process.kill("SIGKILL");
          }),
      ),
    );
  }
}

function load({ worker }: Place): number {
  return worker === null ? -1 : worker.running.size;
}

function channelOf(child: ChildProcess): Channel {
  return {
    // A pipe that closes meanwhile is told by `exit`.
    send: (message) => void (child.connected && child.send(textOf(message), undefined, {}, () => {})),
    kill: () => void child.kill("SIGKILL"),
  };
}

function flags(scratch: string): string[] {
  return [
    ...nodeFlags,
    "--permission",
    "--allow-worker",
    ...readable.concat(join(scratch, "*")).map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-write=${join(scratch, "*")}`,
    "--disable-warning=ExperimentalWarning",
    "--disable-warning=SecurityWarning",
  ];
}

/** Nothing of the server's environment: it may hold keys and passwords. */
function environment(): Record<string, string> {
  const cache = join(root, "node_modules/.cache/auraos");
  return existsSync(cache) ? { TZ: "UTC", NODE_COMPILE_CACHE: cache } : { TZ: "UTC" };
}
