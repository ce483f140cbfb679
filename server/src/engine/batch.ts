// Makes one flush out of lane items, in their order.
import type { LaneItem } from "./laneItem.ts";
import { addCounts, type StatTable, statsBody } from "./stats.ts";
import type { FlushBatch } from "./store.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

export function buildBatch(items: readonly LaneItem[]): FlushBatch {
  const batch: Mutable<FlushBatch> = {
    starts: [],
    startKeys: [],
    turns: [],
    updates: [],
    effects: [],
    waitsOpened: [],
    waitsClosed: [],
    inboxDone: [],
    stats: null,
  };
  const table: StatTable = new Map();
  for (const item of items) {
    if (item.start !== null) batch.starts.push(item.start);
    if (item.startKey !== null) batch.startKeys.push(item.startKey);
    if (item.turn !== null) batch.turns.push(item.turn);
    if (item.update !== null) batch.updates.push(item.update);
    if (item.effects !== null) batch.effects.push(...item.effects);
    if (item.waitsOpened !== null) batch.waitsOpened.push(...item.waitsOpened);
    if (item.waitsClosed !== null) batch.waitsClosed.push(...item.waitsClosed);
    if (item.inboxDone !== null) batch.inboxDone.push(...item.inboxDone);
    if (item.counts !== null && item.exec !== null) {
      addCounts(table, item.exec.about.orgId, item.exec.about.workflowId, item.counts);
    }
  }
  // One row per execution and flush: the last word is the true one. (Of waits, stores write the opened ones first,
  // so that one opened and closed in the same flush leaves no row.)
  batch.updates = lastUpdates(batch.updates);
  batch.stats = statsBody(table);
  return batch;
}

function lastUpdates(updates: FlushBatch["updates"]): FlushBatch["updates"][number][] {
  if (updates.length < 2) return [...updates];
  const last = new Map<string, FlushBatch["updates"][number]>();
  for (const update of updates) last.set(update.executionId, update);
  return [...last.values()];
}

/** Cuts items in two, never between the turns of one execution (or an end and the error workflow it starts). */
export function bisect(items: readonly LaneItem[]): [LaneItem[], LaneItem[]] | null {
  const groups = new Map<unknown, LaneItem[]>();
  const ownerOf = new Map<LaneItem, unknown>();
  for (const item of items) {
    const owner = ownerOf.get(item) ?? item.exec ?? item;
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, [item]);
    else group.push(item);
    if (item.joined !== null) ownerOf.set(item.joined, owner);
  }
  if (groups.size < 2) return null;
  const halves: [LaneItem[], LaneItem[]] = [[], []];
  let place = 0;
  for (const group of groups.values()) halves[place++ < groups.size / 2 ? 0 : 1].push(...group);
  return halves;
}
