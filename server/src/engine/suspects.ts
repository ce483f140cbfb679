// After an unclean end, who was at work when the process died? An execution that takes the process down with it
// three times while it alone was tried is set aside, or every restart would end the same way (A12).
//
//   first death    nobody knows who it was
//   after it       whoever is loaded is noted first, then tried together with the others     -> second death
//   after that     those that were noted are tried one at a time                             -> three more deaths
//   after those    the one that was noted alone each time is parked
//
// A process that is killed from outside, again and again, must not make culprits of the innocent: one death in the
// short moment of being tried alone proves little (measured: 7 of 1,500 executions were parked by 100 random kills).
//
// Invariants:
//   S1 a note is durable before the execution it names is worked on; nothing is noted after an end in order
//   S2 nobody is parked for having been near: the last three deaths count for one execution alone
//   S3 a trial lasts from when the execution is loaded and what it had open is sent: however slow the machine or the
//      database is, it does not pass before it was worked on
import type { CrashMarker, CrashNote, EngineDeps } from "./engine.types.ts";
import { messageOf } from "./errors.ts";

/** Tried together, one has got through when the process still lives this long after it was loaded. */
const TOGETHER_MS = 2_000;
/** The same for one that is tried alone; innocent ones stand in this queue as well. */
const ALONE_MS = 50;
/** Loaded later than this, an execution was not what ended the process before. */
const SUSPICION_MS = 30_000;
/** From here on it is tried alone. */
const DEATHS_NEAR = 2;
const DEATHS_MAX = DEATHS_NEAR + 3;

export type Suspects = {
  /** Resolves when it may be loaded and worked on, or says that it must not be. */
  admit(id: string): Promise<"go" | "park">;
  /** It is loaded, or could not be: from now on the time of its trial counts. */
  loaded(id: string): void;
  /** It stands in the queue of those that are tried alone: nobody should wait for it. */
  isAlone(id: string): boolean;
  /** Nothing is noted any more: the process ends in order. */
  close(): void;
};

type Trial = { ms: number; passed: () => void };

export function createSuspects(
  { clock, log }: Pick<EngineDeps, "clock" | "log">,
  marker: CrashMarker,
  last: CrashNote,
): Suspects {
  const deaths = new Map(Object.entries(last.deaths));
  for (const id of last.trying) deaths.set(id, (deaths.get(id) ?? 1) + 1);
  const trials = new Map<string, Trial>();
  const begunMs = clock.monotonic();
  let waiting: (() => void)[] = [];
  let alone: Promise<unknown> = sleep(TOGETHER_MS);

  let isClosed = false;

  function note(): void {
    if (isClosed) return;
    try {
      marker.write({ deaths: Object.fromEntries(deaths), trying: [...trials.keys()] });
    } catch (error) {
      // Worse than not knowing who it was would be not to work at all.
      log("error", "the mark of what is being tried could not be written", { error: messageOf(error) });
    }
  }

  /** One write for all that are loaded at the same moment. */
  function noteSoon(): Promise<void> {
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length > 1) return;
      clock.soon(() => {
        const all = waiting;
        waiting = [];
        note();
        for (const go of all) go();
      });
    });
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      clock.setTimer(ms, resolve);
    });
  }

  async function tryFor(id: string, trial: Trial): Promise<"go"> {
    trials.set(id, trial);
    await noteSoon();
    return "go";
  }

  async function tryAlone(id: string): Promise<"go"> {
    const before = alone;
    let passed: () => void = () => {};
    alone = new Promise<void>((resolve) => {
      passed = resolve;
    });
    await before;
    return tryFor(id, { ms: ALONE_MS, passed });
  }

  function end(id: string, trial: Trial): void {
    trial.passed();
    // Loaded once more meanwhile, it has a trial of its own.
    if (trials.get(id) !== trial) return;
    trials.delete(id);
    deaths.delete(id);
    // Durable with the next note; only the last has no next one.
    if (trials.size === 0) note();
  }

  return {
    admit: async (id) => {
      const count = deaths.get(id) ?? 1;
      if (count >= DEATHS_MAX) return "park";
      if (count >= DEATHS_NEAR) return tryAlone(id);
      if (clock.monotonic() - begunMs >= SUSPICION_MS) return "go";
      return tryFor(id, { ms: TOGETHER_MS, passed: () => {} });
    },
    loaded: (id) => {
      const trial = trials.get(id);
      if (trial !== undefined) clock.setTimer(trial.ms, () => end(id, trial));
    },
    isAlone: (id) => (deaths.get(id) ?? 0) >= DEATHS_NEAR,
    close: () => {
      isClosed = true;
    },
  };
}
