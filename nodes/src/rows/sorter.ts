// Puts any number of rows in order within bounded memory: what does not fit is written to disk in sorted runs, which
// are merged while reading. Everything else that needs more than one pass (groups, duplicates, joins) stands on it.
//
// Invariants:
//   1. rows that compare equal keep the order in which they came
//   2. at most MEMORY of rows is held, plus one piece of each run while merging
//   3. the runs lie in the folder given and are gone after `close`
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type { Json, JsonObject } from "@auraos/kernel";

export type Row = JsonObject;
/** What a row is sorted by, and what else is to be known of it: kept beside the row on disk. */
export type Keyed = { key: Json[]; row: Row };
type Compare = (a: Json[], b: Json[]) => number;

/** Estimated, of all rows held. */
const MEMORY_BYTES = 24 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;
/** Runs merged at once; more are merged in rounds. */
const FAN_IN = 32;
export const BATCH = 1_000;

export type Sorter = {
  add(key: Json[], row: Row): void;
  /** Everything in order, in batches. Once. */
  batches(): AsyncGenerator<Keyed[]>;
  close(): void;
};

export function createSorter(scratch: string, compare: Compare, memoryBytes = MEMORY_BYTES): Sorter {
  let held: Keyed[] = [];
  let heldBytes = 0;
  let folder: string | undefined;
  let files = 0;
  let runs: string[] = [];
  return { add, batches, close };

  function add(key: Json[], row: Row): void {
    held.push({ key, row });
    heldBytes += sizeOf(row) + sizeOf(key);
    if (heldBytes > memoryBytes) spill();
  }

  function spill(): void {
    held.sort((a, b) => compare(a.key, b.key));
    const write = openRun();
    for (const { key, row } of held) write.line(JSON.stringify([key, row]));
    runs.push(write.end());
    held = [];
    heldBytes = 0;
  }

  function openRun() {
    folder ??= mkdtempSync(join(scratch, "sort-"));
    files += 1;
    const path = join(folder, String(files));
    const file = openSync(path, "wx", 0o600);
    let lines: string[] = [];
    let length = 0;
    const flush = () => {
      if (length === 0) return;
      const bytes = Buffer.from(`${lines.join("\n")}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      lines = [];
      length = 0;
    };
    return {
      line(text: string) {
        lines.push(text);
        length += text.length;
        if (length > PIECE_BYTES) flush();
      },
      end() {
        flush();
        closeSync(file);
        return path;
      },
    };
  }

  async function* batches(): AsyncGenerator<Keyed[]> {
    if (runs.length === 0) {
      held.sort((a, b) => compare(a.key, b.key));
      for (let at = 0; at < held.length; at += BATCH) yield held.slice(at, at + BATCH);
      held = [];
      return;
    }
    if (held.length > 0) spill();
    while (runs.length > FAN_IN) await mergeRound();
    yield* merge(runs);
  }

  async function mergeRound(): Promise<void> {
    const merged: string[] = [];
    for (let at = 0; at < runs.length; at += FAN_IN) {
      const some = runs.slice(at, at + FAN_IN);
      const write = openRun();
      for await (const batch of merge(some))
        for (const { key, row } of batch) write.line(JSON.stringify([key, row]));
      merged.push(write.end());
      for (const path of some) rmSync(path);
    }
    runs = merged;
  }

  /** A heap of the runs by their first row; of equal rows the earlier run's comes first. */
  async function* merge(paths: readonly string[]): AsyncGenerator<Keyed[]> {
    const heads = paths.map((path, place) => openReader(path, place)).filter((reader) => reader.next());
    const before = (a: Reader, b: Reader) =>
      compare((a.head as Keyed).key, (b.head as Keyed).key) || a.place - b.place;
    for (let at = (heads.length >> 1) - 1; at >= 0; at -= 1) sink(heads, at, before);
    let batch: Keyed[] = [];
    try {
      while (heads.length > 0) {
        const first = heads[0] as Reader;
        batch.push(first.head as Keyed);
        if (!first.next()) {
          const last = heads.pop() as Reader;
          if (heads.length > 0) heads[0] = last;
        }
        sink(heads, 0, before);
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
        await breathe();
      }
      if (batch.length > 0) yield batch;
    } finally {
      for (const reader of heads) reader.close();
    }
  }

  function close(): void {
    held = [];
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  }
}

function sink<T>(heap: T[], from: number, before: (a: T, b: T) => number): void {
  for (let at = from; ; ) {
    let first = at;
    for (const child of [2 * at + 1, 2 * at + 2])
      if (child < heap.length && before(heap[child] as T, heap[first] as T) < 0) first = child;
    if (first === at) return;
    [heap[at], heap[first]] = [heap[first] as T, heap[at] as T];
    at = first;
  }
}

type Reader = { place: number; head: Keyed | undefined; next(): boolean; close(): void };

/** Lines of one run, a piece of the file at a time. */
function openReader(path: string, place: number): Reader {
  const file = openSync(path, "r");
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let lines: string[] = [];
  let at = 0;
  let isOpen = true;
  const reader: Reader = {
    place,
    head: undefined,
    next() {
      while (at >= lines.length) if (!fill()) return false;
      const [key, row] = JSON.parse(lines[at] as string) as [Json[], Row];
      lines[at] = "";
      at += 1;
      reader.head = { key, row };
      return true;
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
  return reader;

  function fill(): boolean {
    if (!isOpen) return false;
    const count = readSync(file, piece, 0, PIECE_BYTES, null);
    if (count === 0) {
      reader.close();
      return false;
    }
    const bytes = Buffer.concat([rest, piece.subarray(0, count)]);
    const end = bytes.lastIndexOf(10);
    rest = Buffer.from(bytes.subarray(end + 1));
    lines = end < 0 ? [] : bytes.toString("utf8", 0, end).split("\n");
    at = 0;
    return true;
  }
}

/** About how much memory a value takes. */
export function sizeOf(value: Json): number {
  if (typeof value === "string") return 24 + value.length;
  if (typeof value !== "object" || value === null) return 8;
  let bytes = 32;
  if (Array.isArray(value)) for (const one of value) bytes += sizeOf(one);
  else for (const name in value) bytes += 16 + sizeOf(value[name] as Json);
  return bytes;
}
