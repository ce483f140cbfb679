// Sorting, always of a copy. Every comparison is paid for, whoever makes it.
import { toNumber, toText } from "../convert.ts";
import { callableOr, invoke } from "../functions.ts";
import { charge, chargeText, madeList, type Run, reserveList } from "../run.ts";
import type { Value } from "../values.ts";

export function sortList(run: Run, list: readonly Value[], order: Value): Value[] {
  reserveList(run, list.length);
  // undefined always sorts to the end, without asking the function.
  const present = list.filter((item) => item !== undefined);
  const sorted = order === undefined ? sortAsText(run, present) : sortBy(run, present, order);
  for (let i = present.length; i < list.length; i++) sorted.push(undefined);
  return madeList(run, sorted);
}

function sortBy(run: Run, list: Value[], order: Value): Value[] {
  const compare = callableOr(run, order, "sort()");
  return list.sort((a, b) => {
    const result = toNumber(run, invoke(run, compare, a, b));
    return Number.isNaN(result) ? 0 : result;
  });
}

function sortAsText(run: Run, list: Value[]): Value[] {
  reserveList(run, list.length * 4);
  const pairs = list.map((value) => ({ value, text: toText(run, value) }));
  pairs.sort((a, b) => {
    charge(run, 1);
    return compareTexts(run, a.text, b.text);
  });
  return pairs.map((pair) => pair.value);
}

export function compareTexts(run: Run, a: string, b: string): number {
  chargeText(run, Math.min(a.length, b.length));
  return a < b ? -1 : a > b ? 1 : 0;
}
