// Streams of batches of rows, and what steps that must keep rows have in common: keys, their order, room in memory.
import type { Json, JsonObject } from "@auraos/kernel";
import { valueKey } from "../keys.ts";
import { getPath, setPath } from "../paths.ts";
import { BATCH, type Row, type Sorter } from "./sorter.ts";

export type Batches = AsyncIterable<Row[]>;
export type Stream = AsyncGenerator<Row[]>;

export type StepNeeds = {
  /** Folder for what does not fit into memory. */
  scratch: string;
  signal: AbortSignal;
  /** Rows of another file of the item. */
  open(file: string): Batches;
  /** Kept until the end, whatever happens. */
  keep(sorter: Sorter): Sorter;
  /** Of what a step may hold in memory before it goes to disk, bytes. */
  memoryBytes?: number;
};

/** Of what a step holds in memory, when nothing else is said. */
export const HELD_BYTES = 24 * 1024 * 1024;

export async function* plainRows(sorter: Sorter): Stream {
  for await (const batch of sorter.batches()) yield batch.map(({ row }) => row);
  sorter.close();
}

/** By the text of a key, then by the place in the input. */
export const byKeyThenPlace = (a: Json[], b: Json[]) =>
  (a[0] as string) < (b[0] as string)
    ? -1
    : (a[0] as string) > (b[0] as string)
      ? 1
      : Number(a[1]) - Number(b[1]);
export const byPlace = (a: Json[], b: Json[]) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]);

export function keyOf(row: Row, fields: readonly string[] | undefined): string {
  if (fields === undefined) return valueKey(row);
  return fields.length === 1
    ? valueKey(getPath(row, fields[0] as string))
    : `[${fields.map((field) => valueKey(getPath(row, field))).join(",")}]`;
}

export function selected(row: Row, fields: readonly string[]): Row {
  const made: JsonObject = {};
  for (const field of fields) setPath(made, field, getPath(row, field) ?? null);
  return made;
}

export async function* batched<T>(all: Iterable<T>, make: (one: T) => Row): Stream {
  let batch: Row[] = [];
  for (const one of all) {
    batch.push(make(one));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
