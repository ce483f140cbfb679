// What reaches the engine as rows: written by other processes (API, standby, workers) or by ourselves (starts that
// wait for a place). A row leaves the inbox in the flush that journals what it asked for, so it is taken exactly once.
//
//   kind "event"  body = the event            kind "start"  body = the start request, executionId chosen by the writer
import type { Event } from "@auraos/kernel";
import { enqueueStart } from "./admission.ts";
import type { StartRequest, StartResult } from "./engine.types.ts";
import { deposed, messageOf } from "./errors.ts";
import { emptyItem } from "./laneItem.ts";
import { INBOX_POLL_MS, LOAD_PAGE } from "./limits.ts";
import { askTick, enqueue, type Reign } from "./reign.ts";
import { freeKey, holderOf, holdKey, isKeyTaken } from "./startKeys.ts";
import type { InboxRow } from "./store.ts";

/** Between two looks: at least this, and so much that looking takes a tenth of the time when much is waiting. */
const LOOK_REST_MS = 5;
const LOOK_SHARE = 9;

export type Inbox = {
  looks: number;
  /** There are rows that no look has seen yet. */
  hasMore: boolean;
  /** Rows that are in hand, by id, with the number of the look after which they were taken. */
  taken: Map<string, number>;
  close: () => void;
};

export function createInbox(): Inbox {
  return { looks: 0, hasMore: false, taken: new Map(), close: () => {} };
}

/**
 * Looks once, then whenever the storage says that there is something new, and every second in case it does not say so.
 * Resolves after the first look.
 */
export async function readInbox(reign: Reign): Promise<void> {
  const { clock, store } = reign.deps;
  let isLooking = false;
  let hasNews = false;
  let restUntilMs = 0;
  let cancelTimer: () => void = () => {};

  const watch = async (): Promise<void> => {
    isLooking = true;
    hasNews = false;
    const begunMs = clock.monotonic();
    await look(reign);
    isLooking = false;
    const nowMs = clock.monotonic();
    restUntilMs = nowMs + Math.min(INBOX_POLL_MS, LOOK_REST_MS + LOOK_SHARE * (nowMs - begunMs));
    plan(hasNews || reign.inbox.hasMore ? restUntilMs : nowMs + INBOX_POLL_MS);
  };
  const plan = (atMs: number): void => {
    cancelTimer();
    if (reign.isOver || reign.isStopping) return;
    cancelTimer = clock.setTimer(Math.max(0, atMs - clock.monotonic()), () => void watch());
  };
  const onNews = (): void => {
    if (hasNews) return;
    hasNews = true;
    if (!isLooking) plan(restUntilMs);
  };
  const leave = store.watchInbox?.(onNews);
  reign.inbox.close = () => {
    leave?.();
    cancelTimer();
  };
  await watch();
}

async function look(reign: Reign): Promise<void> {
  const { taken } = reign.inbox;
  const number = ++reign.inbox.looks;
  try {
    const limit = reign.admission.queued.size + LOAD_PAGE;
    const rows = await reign.deps.store.inbox(limit);
    if (reign.isOver || reign.isStopping) return;
    const present = new Set(rows.map((row) => row.id));
    // What was taken since this look began may be missing from what it saw.
    for (const [id, since] of taken) if (since < number && !present.has(id)) taken.delete(id);
    const fresh = rows.filter((row) => !taken.has(row.id));
    // With nothing new among so many, looking again at once would not show more.
    reign.inbox.hasMore = rows.length >= limit && fresh.length > 0;
    for (const row of fresh) markTaken(reign, row.id);
    // A row that could not be handled is looked at again with the next look.
    const unborn = new Set(rows.filter((row) => row.kind === "start").map((row) => row.executionId));
    await Promise.all(fresh.map((row) => take(reign, row, unborn, () => taken.delete(row.id))));
  } catch (error) {
    reign.deps.log("warn", "the inbox could not be read", { error: messageOf(error) });
  }
}

/** No look takes this row, until a later one has seen that it is gone. */
export function markTaken(reign: Reign, rowId: string): void {
  reign.inbox.taken.set(rowId, reign.inbox.looks);
}

/** `unborn`: executions whose start stands in the inbox too. */
async function take(
  reign: Reign,
  row: InboxRow,
  unborn: ReadonlySet<string>,
  onTrouble: () => void,
): Promise<void> {
  let body: unknown;
  try {
    body = JSON.parse(
      Buffer.from(row.body.buffer, row.body.byteOffset, row.body.byteLength).toString("utf8"),
    );
  } catch (error) {
    reign.deps.log("error", "an inbox row cannot be read and is dropped", {
      id: row.id,
      error: messageOf(error),
    });
    return drop(reign, row);
  }
  try {
    if (row.kind === "start") await takeStart(reign, row, body as StartRequest, onTrouble);
    else await takeEvent(reign, row, body as Event, unborn, onTrouble);
  } catch (error) {
    reign.deps.log("warn", "an inbox row waits", { id: row.id, error: messageOf(error) });
    onTrouble();
  }
}

/**
 * A start that waits. Its key is held before anything is asked, so that whoever comes with the same key meanwhile is told
 * what this comes to: a row that arrived late, when another execution had begun under its key, goes.
 */
async function takeStart(
  reign: Reign,
  row: InboxRow,
  request: StartRequest,
  onTrouble: () => void,
): Promise<void> {
  const { executionId } = row;
  // One with this key is just beginning: the next look knows what became of it.
  const holder = holderOf(reign, request);
  if (holder !== undefined && holder !== executionId) return onTrouble();
  const isWaiting = examine();
  const result = isWaiting.then((yes): StartResult => ({ kind: yes ? "started" : "keyReused", executionId }));
  result.catch(() => {});
  holdKey(reign, request, executionId, result);
  await isWaiting;

  async function examine(): Promise<boolean> {
    let isQueued = false;
    try {
      const isTaken = await isKeyTaken(reign, request, executionId);
      const found = isTaken ? null : await reign.loader.get(executionId);
      if (reign.isOver) throw deposed();
      // A look that began before the start was committed still shows its row.
      if (found?.kind === "missing") {
        isQueued = true;
        enqueueStart(reign, { executionId, inboxId: row.id, request }, onTrouble);
      } else if (found?.kind !== "live") drop(reign, row);
      return isQueued;
    } finally {
      if (!isQueued && holder === undefined) freeKey(reign, request, executionId);
    }
  }
}

async function takeEvent(
  reign: Reign,
  row: InboxRow,
  event: Event,
  unborn: ReadonlySet<string>,
  onTrouble: () => void,
): Promise<void> {
  const found = await reign.loader.get(row.executionId);
  if (reign.isOver) return;
  // Its start waits for its place: it is looked at again.
  const isUnborn = unborn.has(row.executionId) || reign.admission.queued.has(row.executionId);
  if (found.kind === "missing" && isUnborn) return onTrouble();
  if (found.kind !== "live" || found.exec.isPoisoned) return drop(reign, row);
  found.exec.inboxIds.push(row.id);
  found.exec.mailbox.push(event);
  enqueue(reign, found.exec);
}

/** Nobody is there to take it: too late, or never known. */
function drop(reign: Reign, row: InboxRow): void {
  const item = emptyItem(null);
  item.inboxDone = [row.id];
  reign.lane.push(item);
  askTick(reign);
}
