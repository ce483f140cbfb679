// Keeps a PostgreSQL server running: when it ends by itself, it is started again.
//   running     process ends   -> waiting (back-off), onCrash told
//   waiting     time is up     -> starting
//   starting    ready          -> running, onRecovery told
//   starting    fails          -> waiting, longer
//   any         stop           -> stopped; a start under way is awaited first
// It never gives up: a full disk may have space again in an hour. The server above decides what to do meanwhile.
import { type Postmaster, stopPostmaster } from "./postmaster.ts";

export type DatabaseCrash = { reason: string; restarts: number; restartInMs: number };
export type DatabaseRecovery = { pid: number; downMs: number };

type Log = (message: string, details?: Record<string, unknown>) => void;

const BACKOFF_FIRST_MS = 50;
/** One that does not come up; one that was up and ended again is missed by everybody, so it waits less. */
const BACKOFF_MAX_MS = 10_000;
const BACKOFF_UP_MAX_MS = 1_000;
/** A server that ran this long was sound: the next crash starts again with the short delay. */
const SOUND_AFTER_MS = 60_000;

export function supervise(first: Postmaster, launch: () => Promise<Postmaster>, log: Log) {
  let current: Postmaster | undefined = first;
  let startedAt = performance.now();
  let failures = 0;
  let isStopping = false;
  let wake: () => void = () => {};
  const crashListeners: ((crash: DatabaseCrash) => void)[] = [];
  const recoveryListeners: ((recovery: DatabaseRecovery) => void)[] = [];
  const watching = watch();
  let stopping: Promise<void> | undefined;

  async function watch(): Promise<void> {
    while (current) {
      const reason = `PostgreSQL ${await current.ended}`;
      if (isStopping) return;
      const downSince = performance.now();
      if (downSince - startedAt > SOUND_AFTER_MS) failures = 0;
      current = undefined;
      await bringBack(reason, downSince);
    }
  }

  async function bringBack(reason: string, downSince: number): Promise<void> {
    let why = reason;
    let maxMs = BACKOFF_UP_MAX_MS;
    while (!isStopping && !current) {
      const restartInMs = Math.min(BACKOFF_FIRST_MS * 2 ** failures, maxMs);
      maxMs = BACKOFF_MAX_MS;
      failures += 1;
      const crash = { reason: why, restarts: failures, restartInMs };
      log(`the database server is down and is started again in ${restartInMs} ms: ${why}`, crash);
      tell(crashListeners, crash);
      await sleep(restartInMs);
      if (isStopping) return;
      try {
        current = await launch();
        startedAt = performance.now();
      } catch (error) {
        why = (error as Error).message;
      }
    }
    if (!current || isStopping) return;
    const recovery = { pid: current.pid, downMs: Math.round(performance.now() - downSince) };
    log(`PostgreSQL is back after ${recovery.downMs} ms`, recovery);
    tell(recoveryListeners, recovery);
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function stopOnce(): Promise<void> {
    isStopping = true;
    wake();
    // Either the server runs, and the watch ends with it; or the watch is bringing it back and sees the flag.
    if (!current) await watching;
    if (current) await stopPostmaster(current.pid, log);
    current = undefined;
    log("PostgreSQL has stopped");
  }

  return {
    pid: () => current?.pid,
    onCrash: (listener: (crash: DatabaseCrash) => void) => void crashListeners.push(listener),
    onRecovery: (listener: (recovery: DatabaseRecovery) => void) => void recoveryListeners.push(listener),
    stop: () => (stopping ??= stopOnce()),
  };
}

/** A listener that throws is a bug of its owner and must not leave the database down. */
function tell<T>(listeners: ((event: T) => void)[], event: T): void {
  for (const listener of listeners) {
    try {
      listener(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
