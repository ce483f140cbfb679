// The steps of `rows`: each takes batches of rows and gives batches of rows, so a million rows pass through in the
// memory of a few thousand. Steps that must see all rows first keep them in a sorter, which goes to disk when it must.
import type { Json } from "@auraos/kernel";
import { holds } from "../conditions.ts";
import { getPath } from "../paths.ts";
import { compareValues } from "../sort/order.ts";
import { aggregate } from "./aggregateRows.ts";
import { type Batches, plainRows, type StepNeeds, type Stream, selected } from "./batches.ts";
import { dedupeFirst, dedupeLast } from "./dedupeRows.ts";
import { join } from "./joinRows.ts";
import { createSorter, type Row } from "./sorter.ts";
import type { Of, Step } from "./stepSchema.ts";

export function apply(rows: Batches, step: Step, needs: StepNeeds): Batches {
  switch (step.do) {
    case "filter":
      return filter(rows, step);
    case "select":
      return each(rows, (row) => selected(row, step.fields));
    case "join":
      return join(rows, step, needs);
    case "dedupe":
      return step.keep === "first" ? dedupeFirst(rows, step, needs) : dedupeLast(rows, step, needs);
    case "aggregate":
      return aggregate(rows, step, needs);
    case "sort":
      return sort(rows, step, needs);
    case "limit":
      return limit(rows, step);
  }
}

async function* filter(rows: Batches, { conditions, combine }: Of<"filter">): Stream {
  for await (const batch of rows) {
    const kept = batch.filter((row) =>
      holds({
        combine,
        conditions: conditions.map(({ field, operator, value }) => ({
          left: getPath(row, field) ?? null,
          operator,
          right: (value ?? null) as Json,
        })),
      }),
    );
    if (kept.length > 0) yield kept;
  }
}

async function* each(rows: Batches, change: (row: Row) => Row): Stream {
  for await (const batch of rows) yield batch.map(change);
}

async function* sort(rows: Batches, { by }: Of<"sort">, needs: StepNeeds): Stream {
  const compare = (a: Json[], b: Json[]) => {
    for (let place = 0; place < by.length; place += 1) {
      const result = compareValues(a[place], b[place], by[place]?.order === "descending");
      if (result !== 0) return result;
    }
    return 0;
  };
  const sorter = needs.keep(createSorter(needs.scratch, compare, needs.memoryBytes));
  for await (const batch of rows)
    for (const row of batch)
      sorter.add(
        by.map(({ field }) => getPath(row, field) ?? null),
        row,
      );
  yield* plainRows(sorter);
}

async function* limit(rows: Batches, { rows: most, skip }: Of<"limit">): Stream {
  let left = most;
  let toSkip = skip;
  if (left === 0) return;
  for await (const batch of rows) {
    const rest = batch.slice(toSkip);
    toSkip = Math.max(0, toSkip - batch.length);
    if (rest.length === 0) continue;
    yield rest.slice(0, left);
    left -= Math.min(left, rest.length);
    if (left === 0) return;
  }
}
