// The steps of `rows`: each takes batches of rows and gives batches of rows, so a million rows pass through in the
// memory of a few thousand. Steps that must see all rows first keep them in a sorter, which goes to disk when it must.
import type { Json, JsonObject } from "@auraos/kernel";
import { holds, operators } from "../conditions.ts";
import { add, type Decimal, divide, round, toDecimal, toNumber } from "../decimal.ts";
import { valueKey } from "../keys.ts";
import { getPath, setPath } from "../paths.ts";
import { show, wrongData } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";
import { compareValues } from "../sort/order.ts";
import { BATCH, createSorter, type Row, type Sorter, sizeOf } from "./sorter.ts";

export type Batches = AsyncIterable<Row[]>;
type Stream = AsyncGenerator<Row[]>;

const keys = z.array(pathField("Field.")).min(1);
const comparison = z.strictObject({
  field: pathField("Field of the row."),
  operator: z
    .enum(Object.keys(operators) as [keyof typeof operators, ...(keyof typeof operators)[]])
    .describe("How it is compared; nothing is converted."),
  value: z.unknown().optional().describe("What it is compared with."),
});

export const stepSchema = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("filter").describe("Keep rows for which the conditions hold."),
    conditions: z.array(comparison).min(1).describe("Conditions."),
    combine: z.enum(["and", "or"]).default("and").describe("Must all hold, or one?"),
  }),
  z.strictObject({
    do: z.literal("select").describe("Keep these fields only."),
    fields: keys.describe("Fields to keep, in this order."),
  }),
  z.strictObject({
    do: z.literal("join").describe("Complete rows with rows of another file that have the same key."),
    file: z.string().min(1).describe("Name of the item's file with the other rows."),
    on: z
      .array(
        z.strictObject({
          field: pathField("Field of the row."),
          other: pathField("Field of the other row."),
        }),
      )
      .min(1)
      .describe("Fields that must be equal."),
    keep: z
      .enum(["matching", "all"])
      .default("matching")
      .describe("Rows with a partner only, or those without one too."),
    take: keys.optional().describe("Fields of the other row to add. Default: all that are not there yet."),
  }),
  z.strictObject({
    do: z.literal("dedupe").describe("Keep one of the rows with equal values."),
    fields: keys.optional().describe("Fields that make rows equal. Default: all."),
    keep: z.enum(["first", "last"]).default("first").describe("Which of the equal rows stays."),
  }),
  z.strictObject({
    do: z.literal("aggregate").describe("Totals per group."),
    groupBy: keys.optional().describe("Fields whose equal values make a group. Default: one group."),
    fields: z
      .array(
        z.strictObject({
          operation: z
            .enum(["count", "sum", "average", "min", "max", "first", "last"])
            .describe("What is computed."),
          field: pathField("Field it is computed from. Count without a field counts rows.").optional(),
          as: pathField("Name of the result."),
          decimals: z.int().min(0).max(20).optional().describe("Round to so many decimals, half up."),
        }),
      )
      .min(1)
      .describe("Results per group. Sums are exact in decimal."),
  }),
  z.strictObject({
    do: z.literal("sort").describe("Put rows in order."),
    by: z
      .array(
        z.strictObject({
          field: pathField("Field to sort by."),
          order: z
            .enum(["ascending", "descending"])
            .default("ascending")
            .describe("Smallest or largest first."),
        }),
      )
      .min(1)
      .describe("Fields, the most important first."),
  }),
  z.strictObject({
    do: z.literal("limit").describe("Keep the first rows."),
    rows: z.int().min(0).describe("How many."),
    skip: z.int().min(0).default(0).describe("Leave out so many before."),
  }),
]);
export type Step = z.output<typeof stepSchema>;

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

const HELD_BYTES = 24 * 1024 * 1024;

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

type Of<Kind extends Step["do"]> = Extract<Step, { do: Kind }>;

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

function selected(row: Row, fields: readonly string[]): Row {
  const made: JsonObject = {};
  for (const field of fields) setPath(made, field, getPath(row, field) ?? null);
  return made;
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

async function* plainRows(sorter: Sorter): Stream {
  for await (const batch of sorter.batches()) yield batch.map(({ row }) => row);
  sorter.close();
}

/** By the text of a key, then by the place in the input. */
const byKeyThenPlace = (a: Json[], b: Json[]) =>
  (a[0] as string) < (b[0] as string)
    ? -1
    : (a[0] as string) > (b[0] as string)
      ? 1
      : Number(a[1]) - Number(b[1]);
const byPlace = (a: Json[], b: Json[]) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]);

function keyOf(row: Row, fields: readonly string[] | undefined): string {
  if (fields === undefined) return valueKey(row);
  return fields.length === 1
    ? valueKey(getPath(row, fields[0] as string))
    : `[${fields.map((field) => valueKey(getPath(row, field))).join(",")}]`;
}

/**
 * Rows are passed on as they come while the keys seen fit into memory. After that a row with a key not seen goes to
 * disk, where the first of each key is found, and follows in the order of the input.
 */
async function* dedupeFirst(rows: Batches, { fields }: Of<"dedupe">, needs: StepNeeds): Stream {
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

async function* dedupeLast(rows: Batches, { fields }: Of<"dedupe">, needs: StepNeeds): Stream {
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

type Field = Of<"aggregate">["fields"][number];
type Total = { count: number; whole: number; exact: Decimal | null; value: Json | undefined };
type Group = { place: number; row: Row; totals: Total[] };

/** Groups that fit stay in memory; rows of further groups go to disk and are totalled group by group. */
async function* aggregate(rows: Batches, step: Of<"aggregate">, needs: StepNeeds): Stream {
  const { groupBy = [], fields } = step;
  const groups = new Map<string, Group>();
  let left = needs.memoryBytes ?? HELD_BYTES;
  let late: Sorter | undefined;
  let place = 0;
  for await (const batch of rows)
    for (const row of batch) {
      place += 1;
      const key = groupBy.length === 0 ? "" : keyOf(row, groupBy);
      let group = groups.get(key);
      if (group === undefined && left > 0) {
        group = newGroup(place, row, step);
        groups.set(key, group);
        left -= key.length + sizeOf(group.row) + 120 * fields.length + 64;
      }
      if (group !== undefined) addRow(group, row, fields, place);
      else {
        late ??= needs.keep(createSorter(needs.scratch, byKeyThenPlace, needs.memoryBytes));
        late.add([key, place], row);
      }
    }
  if (groupBy.length === 0 && groups.size === 0) groups.set("", newGroup(0, {}, step));
  yield* batched(groups.values(), (group) => resultOf(group, fields));
  groups.clear();
  if (late !== undefined) yield* lateGroups(late, step, needs);
}

async function* lateGroups(late: Sorter, step: Of<"aggregate">, needs: StepNeeds): Stream {
  const inOrder = needs.keep(createSorter(needs.scratch, byPlace, needs.memoryBytes));
  let key: Json | undefined;
  let group: Group | undefined;
  const end = () => group && inOrder.add([group.place, 0], resultOf(group, step.fields));
  for await (const batch of late.batches())
    for (const one of batch) {
      if (one.key[0] !== key || group === undefined) {
        end();
        [key] = one.key;
        group = newGroup(Number(one.key[1]), one.row, step);
      }
      addRow(group, one.row, step.fields, Number(one.key[1]));
    }
  end();
  late.close();
  yield* plainRows(inOrder);
}

function newGroup(place: number, row: Row, { groupBy = [], fields }: Of<"aggregate">): Group {
  const totals = fields.map((): Total => ({ count: 0, whole: 0, exact: null, value: undefined }));
  return { place, row: selected(row, groupBy), totals };
}

function addRow(group: Group, row: Row, fields: readonly Field[], place: number): void {
  for (let at = 0; at < fields.length; at += 1) {
    const { operation, field } = fields[at] as Field;
    const total = group.totals[at] as Total;
    if (operation === "count" && field === undefined) {
      total.count += 1;
      continue;
    }
    const value = field === undefined ? row : getPath(row, field);
    if (value === undefined || value === null) continue;
    total.count += 1;
    if (operation === "first") total.value ??= value;
    else if (operation === "last") total.value = value;
    else if (operation === "min" || operation === "max") extreme(total, value, operation, field, place);
    else if (operation !== "count") sum(total, value, operation, field, place);
  }
}

function sum(total: Total, value: Json, operation: string, field: string | undefined, place: number): void {
  if (typeof value !== "number")
    throw wrongData(
      `"${field ?? ""}" of row ${place} is ${show(value)}, so there is no ${operation}.`,
      'Read the column as numbers: "types": "infer".',
    );
  const next = total.whole + value;
  if (Number.isSafeInteger(value) && Number.isSafeInteger(next)) total.whole = next;
  else total.exact = add(total.exact ?? { digits: 0n, scale: 0 }, toDecimal(value));
}

function extreme(
  total: Total,
  value: Json,
  operation: "min" | "max",
  field: string | undefined,
  place: number,
): void {
  const before = total.value;
  const isComparable = typeof value === "number" || typeof value === "string";
  if (!isComparable || (before !== undefined && typeof before !== typeof value))
    throw wrongData(
      `"${field ?? ""}" of row ${place} is ${show(value)}, which cannot be compared with the others.`,
    );
  const known = before as typeof value | undefined;
  if (known === undefined || (operation === "min" ? value < known : value > known)) total.value = value;
}

function resultOf({ row, totals }: Group, fields: readonly Field[]): Row {
  const made: JsonObject = { ...row };
  fields.forEach(({ operation, as, decimals }, at) => {
    setPath(made, as, resultOfTotal(totals[at] as Total, operation, decimals));
  });
  return made;
}

function resultOfTotal(total: Total, operation: Field["operation"], decimals: number | undefined): Json {
  if (operation === "count") return total.count;
  if (operation !== "sum" && operation !== "average") return total.value ?? null;
  if (operation === "average" && total.count === 0) return null;
  const whole: Decimal = { digits: BigInt(total.whole), scale: 0 };
  const exact = total.exact === null ? whole : add(whole, total.exact);
  const value = operation === "sum" ? exact : divide(exact, total.count);
  return toNumber(decimals === undefined ? value : round(value, decimals));
}

/** The other rows by key in memory while they fit, else both sides sorted by key on disk and read side by side. */
async function* join(rows: Batches, step: Of<"join">, needs: StepNeeds): Stream {
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

async function* batched<T>(all: Iterable<T>, make: (one: T) => Row): Stream {
  let batch: Row[] = [];
  for (const one of all) {
    batch.push(make(one));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
