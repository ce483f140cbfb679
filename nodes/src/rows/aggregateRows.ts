// Totals per group: exact in decimal, in memory while the groups fit, the rest group by group from disk.
import type { Json, JsonObject } from "@auraos/kernel";
import { add, type Decimal, divide, round, toDecimal, toNumber } from "../decimal.ts";
import { getPath, setPath } from "../paths.ts";
import { show, wrongData } from "../readConfig.ts";
import {
  type Batches,
  batched,
  byKeyThenPlace,
  byPlace,
  HELD_BYTES,
  keyOf,
  plainRows,
  type StepNeeds,
  type Stream,
  selected,
} from "./batches.ts";
import { createSorter, type Row, type Sorter, sizeOf } from "./sorter.ts";
import type { Of } from "./stepSchema.ts";

type Field = Of<"aggregate">["fields"][number];
type Total = { count: number; whole: number; exact: Decimal | null; value: Json | undefined };
type Group = { place: number; row: Row; totals: Total[] };

/** Groups that fit stay in memory; rows of further groups go to disk and are totalled group by group. */
export async function* aggregate(rows: Batches, step: Of<"aggregate">, needs: StepNeeds): Stream {
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
