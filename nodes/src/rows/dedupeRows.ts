// One of the rows with equal values: of the first ones while their keys fit into memory, of all others on disk.
import {
  type Batches,
  byKeyThenPlace,
  byPlace,
  HELD_BYTES,
  keyOf,
  plainRows,
  type StepNeeds,
  type Stream,
} from "./batches.ts";
import { createSorter, type Row, type Sorter } from "./sorter.ts";
import type { Of } from "./stepSchema.ts";

/**
 * Rows are passed on as they come while the keys seen fit into memory. After that a row with a key not seen goes to
 * disk, where the first of each key is found, and follows in the order of the input.
 */
export async function* dedupeFirst(rows: Batches, { fields }: Of<"dedupe">, needs: StepNeeds): Stream {
  const seen = new Set<string>();
  let left = needs.memoryBytes ?? HELD_BYTES;
  let late: Sorter | undefined;
  let place = 0;
  for await (const batch of rows) {
    const kept: Row[] = [];
    for (const row of batch) {
      const key = keyOf(row, fields);
      place += 1;
      if (seen.has(key)) continue;
      if (left > 0) {
        seen.add(key);
        left -= key.length + 48;
        kept.push(row);
      } else {
        late ??= needs.keep(createSorter(needs.scratch, byKeyThenPlace, needs.memoryBytes));
        late.add([key, place], row);
      }
    }
    if (kept.length > 0) yield kept;
  }
  seen.clear();
  if (late !== undefined) yield* firstOfEach(late, needs, true);
}

export async function* dedupeLast(rows: Batches, { fields }: Of<"dedupe">, needs: StepNeeds): Stream {
  const sorter = needs.keep(createSorter(needs.scratch, byKeyThenPlace, needs.memoryBytes));
  let place = 0;
  for await (const batch of rows)
    for (const row of batch) {
      place += 1;
      // The last of the equal ones is the first by a place that counts down.
      sorter.add([keyOf(row, fields), -place], row);
    }
  yield* firstOfEach(sorter, needs, false);
}

async function* firstOfEach(sorter: Sorter, needs: StepNeeds, countsUp: boolean): Stream {
  const inOrder = needs.keep(createSorter(needs.scratch, byPlace, needs.memoryBytes));
  let last: string | undefined;
  for await (const batch of sorter.batches())
    for (const { key, row } of batch) {
      if (key[0] === last) continue;
      last = key[0] as string;
      inOrder.add([countsUp ? Number(key[1]) : -Number(key[1]), 0], row);
    }
  sorter.close();
  yield* plainRows(inOrder);
}
