// Processes for SQLite: at most a few at a time, one kept warm for the next statement. A statement that is stopped or
// takes too long takes its process with it.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Answer, Statement } from "./protocol.ts";

const BUSY_MAX = 4;
const IDLE_MS = 30_000;

let busy = 0;
let idle: { child: ChildProcess; timer: NodeJS.Timeout } | undefined;
const waiting: (() => void)[] = [];

/** `begun`: the statement was sent, so it may have changed something. */
export type End = { answer: Answer } | { stopped: "aborted" | "timeout" | "died"; begun: boolean };

export async function runStatement(
  statement: Statement,
  limits: { timeoutMs: number; signal: AbortSignal },
): Promise<End> {
  await turn();
  try {
    if (limits.signal.aborted) return { stopped: "aborted", begun: false };
    return await ask(take(), statement, limits);
  } finally {
    busy -= 1;
    waiting.shift()?.();
  }
}

/** Ends the process that waits for more; for shutting down, and for tests. */
export function closeProcesses(): void {
  if (!idle) return;
  clearTimeout(idle.timer);
  idle.child.kill("SIGKILL");
  idle = undefined;
}

async function turn(): Promise<void> {
  while (busy >= BUSY_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
  busy += 1;
}

function take(): ChildProcess {
  if (idle?.child.connected === true) {
    const { child, timer } = idle;
    clearTimeout(timer);
    idle = undefined;
    return child;
  }
  idle = undefined;
  return fork(join(import.meta.dirname, "process.ts"), [], {
    // Nothing of this process's secrets goes along.
    env: {},
    execArgv: [
      "--disable-proto=delete",
      "--disallow-code-generation-from-strings",
      "--max-old-space-size=512",
    ],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
}

function giveBack(child: ChildProcess): void {
  if (idle !== undefined || !child.connected) {
    child.kill("SIGKILL");
    return;
  }
  child.unref();
  child.channel?.unref();
  const timer = setTimeout(closeProcesses, IDLE_MS).unref();
  idle = { child, timer };
}

function ask(
  child: ChildProcess,
  statement: Statement,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<End> {
  const { promise, resolve } = Promise.withResolvers<End>();
  const stop = (stopped: "aborted" | "timeout" | "died") => {
    child.kill("SIGKILL");
    resolve({ stopped, begun: true });
  };
  const abort = () => stop("aborted");
  const died = () => stop("died");
  const answered = (answer: Answer) => resolve({ answer });
  const timer = setTimeout(() => stop("timeout"), timeoutMs);
  child.ref();
  child.channel?.ref();
  child.on("message", answered);
  child.on("exit", died);
  child.once("error", died);
  signal.addEventListener("abort", abort, { once: true });
  child.send(statement, (error) => {
    if (error) died();
  });
  return promise.then((end) => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    child.off("message", answered).off("exit", died).off("error", died);
    // A process that is being killed may still report trouble, which then concerns nobody.
    if ("answer" in end) giveBack(child);
    else child.once("error", () => {});
    return end;
  });
}
