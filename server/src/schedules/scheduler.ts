// The scheduler: fires what is due, in the process whose engine leads.
//
//   heap of next fires -> step (settle.ts): what waits, what was missed, what overlaps -> engine.start with the key
//   schedule/ID/DUE -> one statement writes what became of it and moves the cursor
//
// Who leads is asked of the engine several times a second, and answered by it once more at every start: a deposed
// engine starts nothing. The table is the truth; memory follows it by comparing marks, at once when this process
// changed something and every few seconds for the others.
import type { CommittedTurn } from "../engine/engine.types.ts";
import { createHeap } from "../engine/heap.ts";
import { createBatches } from "../platform/batches.ts";
import { pause, systemTimers } from "../platform/timers.ts";
import { createEarly } from "./early.ts";
import { noteEndings } from "./endings.ts";
import { type Entry, placeholder, wakeAt } from "./entry.ts";
import { loadEntries } from "./loadEntries.ts";
import type { SchedulerParts, SchedulerReign } from "./scheduler.types.ts";
import { deleteOldFires, listMarks, writeFires } from "./schedulerStore.ts";
import { type Ended, onEnded, step } from "./settle.ts";

export type Scheduler = {
  /** Follows what was changed in the table. */
  sync(): Promise<void>;
  stop(): Promise<void>;
};

const LOOK_MS = 200;
const STOP_MS = 2_000;
const SYNC_MS = 5_000;
const SYNC_AGAIN_MS = 1_000;
const SWEEP_MS = 6 * 3_600_000;
const KEPT_MS = 90 * 86_400_000;
const RETRY_MS_MAX = 30_000;

export function createScheduler(parts: SchedulerParts): Scheduler {
  const { engine, pool, log, nowMs, timers = systemTimers } = parts;
  let reign: SchedulerReign | undefined;
  let heap = createHeap<{ entry: Entry; place: number }>();
  let disarm = (): void => {};
  let isStopped = false;
  let syncing: Promise<void> | undefined;
  let isSyncAsked = false;
  let [syncedAt, sweptAt] = [Number.NEGATIVE_INFINITY, timers.monotonic()];
  const running = new Set<Promise<void>>();
  const unsubscribe = engine.subscribe(onTurn);
  look();
  return {
    sync: () => sync(),
    async stop() {
      isStopped = true;
      disarm();
      unsubscribe();
      if (reign) reign.isOver = true;
      // A database that does not answer holds nobody back: what was begun is known by its key.
      const rest = Promise.allSettled([...running, ...(syncing ? [syncing] : [])]);
      await Promise.race([rest, pause(timers, STOP_MS)]);
    },
  };

  function look(): void {
    disarm();
    if (isStopped) return;
    follow();
    if (reign && !reign.isOver && engine.status().state === "leading") {
      for (let first = heap.peek(); first !== undefined && first.at <= nowMs(); first = heap.peek()) {
        heap.pop();
        if (first.value.place === first.value.entry.place) run(reign, first.value.entry);
      }
      const now = timers.monotonic();
      if (now - syncedAt > SYNC_MS) void sync();
      if (now - sweptAt > SWEEP_MS) void sweep();
    }
    const next = heap.peek();
    const delay = next === undefined ? LOOK_MS : Math.min(LOOK_MS, Math.max(1, next.at - nowMs()));
    disarm = timers.after(delay, look);
  }

  /** Begins anew with every epoch of the engine, and holds nothing while another leads. */
  function follow(): void {
    const { state, epoch } = engine.status();
    const isOurs = (state === "leading" || state === "failing") && epoch !== null;
    if (reign && (!isOurs || reign.epoch !== epoch)) {
      reign.isOver = true;
      reign = undefined;
      heap = createHeap();
    }
    if (reign || !isOurs || state !== "leading") return;
    reign = newReign(epoch);
    syncedAt = Number.NEGATIVE_INFINITY;
  }

  function newReign(epoch: number): SchedulerReign {
    return {
      parts,
      epoch,
      isOver: false,
      entries: new Map(),
      openBy: new Map(),
      early: createEarly(),
      start: (request) => engine.start(request),
      writes: createBatches(
        (items) =>
          writeFires(
            pool,
            epoch,
            items.flatMap(({ fires }) => fires),
            items.flatMap(({ advance }) => advance ?? []),
          ),
        { max: 500, keyOf: ({ fires }) => fires[0]?.scheduleId ?? "" },
      ),
      endings: createBatches((items) => noteEndings(pool, items, nowMs()), {
        max: 500,
        keyOf: (one) => one.scheduleId,
      }),
    };
  }

  function run(mine: SchedulerReign, entry: Entry): void {
    if (entry.isBusy) {
      entry.isAskedAgain = true;
      return;
    }
    entry.isBusy = true;
    const work = workOn(mine, entry).finally(() => {
      entry.isBusy = false;
      running.delete(work);
      if (!mine.isOver) arm(mine, entry);
    });
    running.add(work);
  }

  async function workOn(mine: SchedulerReign, entry: Entry): Promise<void> {
    try {
      do {
        entry.isAskedAgain = false;
        entry.retryMs = 0;
        do {
          // Somebody may change it while it is read.
          while (entry.isStale && !mine.isOver && mine.entries.has(entry.id))
            await loadEntries(mine, [entry]);
          if (mine.isOver || !mine.entries.has(entry.id)) return;
        } while (await step(mine, entry));
      } while (entry.isAskedAgain && !mine.isOver);
      entry.troubles = 0;
    } catch (error) {
      if (mine.isOver) return;
      entry.troubles += 1;
      // What came of the statement is not known: the table says.
      entry.isStale = true;
      entry.retryMs = nowMs() + Math.min(RETRY_MS_MAX, 250 * 2 ** entry.troubles);
      log("warn", "a schedule could not be settled; it is tried again", { schedule: entry.id, error });
    }
  }

  function arm(mine: SchedulerReign, entry: Entry): void {
    if (entry.isAskedAgain) return run(mine, entry);
    const at = wakeAt(entry);
    entry.place += 1;
    // One that is due and holds waits for an execution to end.
    if (at === undefined || (entry.retryMs === 0 && at <= nowMs() && entry.open.size > 0)) return;
    heap.push(at, { entry, place: entry.place });
    if (heap.peek()?.value.entry === entry) {
      disarm();
      disarm = timers.after(Math.min(LOOK_MS, Math.max(1, at - nowMs())), look);
    }
  }

  function onTurn({ executionId, facts }: CommittedTurn): void {
    if (!reign || reign.isOver) return;
    const mine = reign;
    const finished = facts.at(-1);
    if (finished?.t !== "ExecutionFinished") return;
    const entry = mine.openBy.get(executionId);
    const { failure, status } = finished;
    const ended: Ended = { status, message: failure ? `${failure.message} (${failure.code})` : "" };
    mine.early.note(executionId, ended);
    if (entry === undefined) return;
    const work = onEnded(mine, entry, executionId, ended)
      .catch((error: unknown) => {
        entry.isStale = true;
        log("warn", "the end of a scheduled execution could not be written down", {
          schedule: entry.id,
          error,
        });
      })
      .finally(() => {
        running.delete(work);
        if (!mine.isOver) run(mine, entry);
      });
    running.add(work);
  }

  function sync(): Promise<void> {
    isSyncAsked = true;
    syncing ??= (async () => {
      try {
        while (isSyncAsked && !isStopped) {
          isSyncAsked = false;
          follow();
          if (reign && !reign.isOver) await compare(reign);
        }
      } catch (error) {
        log("warn", "schedules could not be read", { error });
        // Those that are new wait for it.
        syncedAt = timers.monotonic() - SYNC_MS + SYNC_AGAIN_MS;
      } finally {
        syncing = undefined;
      }
    })();
    return syncing;
  }

  async function compare(mine: SchedulerReign): Promise<void> {
    syncedAt = timers.monotonic();
    const marks = new Map((await listMarks(pool)).map(({ id, mark }) => [id, mark]));
    for (const [id, entry] of mine.entries) {
      if (marks.has(id)) continue;
      mine.entries.delete(id);
      entry.place += 1;
      for (const executionId of entry.open) mine.openBy.delete(executionId);
    }
    const fresh: Entry[] = [];
    for (const [id, mark] of marks) {
      const entry = mine.entries.get(id);
      if (entry === undefined) {
        const made = placeholder(id);
        mine.entries.set(id, made);
        fresh.push(made);
      } else if (entry.place === 0 && !entry.isBusy) {
        // It was never looked at: reading it did not come to its end.
        fresh.push(entry);
      } else if (entry.row.mark !== mark) {
        entry.isStale = true;
        run(mine, entry);
      }
    }
    for (let at = 0; at < fresh.length; at += 1_000) await loadEntries(mine, fresh.slice(at, at + 1_000));
    for (const entry of fresh) run(mine, entry);
  }

  async function sweep(): Promise<void> {
    sweptAt = timers.monotonic();
    await deleteOldFires(pool, nowMs() - KEPT_MS).catch((error: unknown) =>
      log("warn", "old fires of schedules could not be deleted", { error }),
    );
  }
}
