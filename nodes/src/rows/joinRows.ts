// Rows completed with those of another file: by a table in memory while it fits, else by two files sorted on disk.
import type { Json, JsonObject } from "@auraos/kernel";
import { getPath, setPath } from "../paths.ts";
import { wrongData } from "../readConfig.ts";
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
import { createSorter, type Row, type Sorter, sizeOf } from "./sorter.ts";
import type { Of } from "./stepSchema.ts";

/** The other rows by key in memory while they fit, else both sides sorted by key on disk and read side by side. */
export async function* join(rows: Batches, step: Of<"join">, needs: StepNeeds): Stream {
  const mine = step.on.map(({ field }) => field);
  const theirs = step.on.map(({ other }) => other);
  const table = new Map<string, Row[]>();
  let left = needs.memoryBytes ?? HELD_BYTES;
  let others: Sorter | undefined;
  let place = 0;
  for await (const batch of needs.open(step.file))
    for (const row of batch) {
      place += 1;
      const key = keyOf(row, theirs);
      left -= sizeOf(row) + key.length + 64;
      if (left < 0 && others === undefined) {
        others = needs.keep(createSorter(needs.scratch, byKeyThenPlace, needs.memoryBytes));
        for (const [known, list] of table) for (const one of list) others.add([known, 0], one);
        table.clear();
      }
      if (others !== undefined) others.add([key, place], row);
      else {
        const list = table.get(key);
        if (list) list.push(row);
        else table.set(key, [row]);
      }
    }
  if (others !== undefined) return yield* joinOnDisk(rows, others, step, needs);
  for await (const batch of rows) {
    const made: Row[] = [];
    for (const row of batch) partners(row, table.get(keyOf(row, mine)) ?? [], step, (one) => made.push(one));
    if (made.length > 0) yield made;
  }
}

async function* joinOnDisk(rows: Batches, others: Sorter, step: Of<"join">, needs: StepNeeds): Stream {
  const mine = step.on.map(({ field }) => field);
  const sorted = needs.keep(createSorter(needs.scratch, byKeyThenPlace, needs.memoryBytes));
  let place = 0;
  for await (const batch of rows)
    for (const row of batch) {
      place += 1;
      sorted.add([keyOf(row, mine), place], row);
    }
  const inOrder = needs.keep(createSorter(needs.scratch, byPlace, needs.memoryBytes));
  const table = groupsByKey(others);
  const following = async () => (await table.next()).value as KeyGroup | undefined;
  let group = await following();
  for await (const batch of sorted.batches())
    for (const { key, row } of batch) {
      while (group !== undefined && group.key < (key[0] as string)) group = await following();
      const found = group !== undefined && group.key === key[0] ? group.rows : [];
      let second = 0;
      partners(row, found, step, (one) => {
        inOrder.add([Number(key[1]), second], one);
        second += 1;
      });
    }
  sorted.close();
  others.close();
  yield* plainRows(inOrder);
}

/** Rows of the other file with the same key that may be held at once. */
const PARTNERS_MAX = 100_000;

type KeyGroup = { key: string; rows: Row[] };

async function* groupsByKey(sorter: Sorter): AsyncGenerator<KeyGroup> {
  let group: KeyGroup | undefined;
  for await (const batch of sorter.batches())
    for (const { key, row } of batch) {
      if (group !== undefined && group.key === key[0]) {
        group.rows.push(row);
        if (group.rows.length > PARTNERS_MAX)
          throw wrongData(`More than ${PARTNERS_MAX} rows of the other file have the key ${group.key}.`);
        continue;
      }
      if (group !== undefined) yield group;
      group = { key: key[0] as string, rows: [row] };
    }
  if (group !== undefined) yield group;
}

function partners(
  row: Row,
  found: readonly Row[],
  { keep, take }: Of<"join">,
  give: (row: Row) => void,
): void {
  if (found.length === 0) {
    if (keep === "all") give(row);
    return;
  }
  for (const other of found) {
    const made: JsonObject = { ...row };
    if (take === undefined) {
      for (const name in other) if (!Object.hasOwn(made, name)) made[name] = other[name] as Json;
    } else for (const field of take) setPath(made, field, getPath(other, field) ?? null);
    give(made);
  }
}
