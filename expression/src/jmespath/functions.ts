// The functions a JMESPath query may call. Wrong kinds of values are errors, as the language has it.

import { joinTexts } from "../convert.ts";
import { identityOf } from "../identity.ts";
import { toJsonText } from "../jsonText.ts";
import { mergeAll } from "../methods/listHelpers.ts";
import { compareTexts } from "../methods/listSort.ts";
import { charge, chargeSearch, chargeText, fail, madeList, ownKeys, type Run, reserveList } from "../run.ts";
import { isObject, nameOfKind, type Value } from "../values.ts";
import type { Tree } from "./parser.ts";
import { visit } from "./search.ts";

type Argument = { readonly value: Value; readonly reference: Tree | null };
type Function = (run: Run, args: readonly Argument[]) => Value;

export function callFunction(run: Run, name: string, trees: readonly Tree[], data: Value): Value {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!known)
    throw fail(
      run,
      "BAD_QUERY",
      `JMESPath has no function "${name.slice(0, 40)}" here.`,
      "Use a method on the result instead.",
    );
  const args = trees.map((tree) =>
    tree.type === "reference"
      ? { value: null, reference: tree.of }
      : { value: visit(run, tree, data), reference: null },
  );
  return known(run, args);
}

function wrong(run: Run, expected: string, value: Value) {
  return fail(
    run,
    "BAD_QUERY",
    `A function of the query needs ${expected}, but got ${nameOfKind(value)}.`,
    "Check the data it works on.",
  );
}

function list(run: Run, arg: Argument | undefined): Value[] {
  if (Array.isArray(arg?.value)) return arg.value;
  throw wrong(run, "a list", arg?.value);
}

function text(run: Run, arg: Argument | undefined): string {
  if (typeof arg?.value === "string") return arg.value;
  throw wrong(run, "a text", arg?.value);
}

function number(run: Run, arg: Argument | undefined): number {
  if (typeof arg?.value === "number") return arg.value;
  throw wrong(run, "a number", arg?.value);
}

function reference(run: Run, arg: Argument | undefined): Tree {
  if (arg?.reference) return arg.reference;
  throw wrong(run, "an expression such as &field", arg?.value);
}

function numbers(run: Run, arg: Argument | undefined): number[] {
  const values = list(run, arg);
  reserveList(run, values.length);
  return values.map((value) => number(run, { value, reference: null }));
}

/** Numbers by size, texts by letters; anything else cannot be ordered. */
function order(run: Run, a: Value, b: Value): number {
  charge(run, 1);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareTexts(run, a, b);
  throw wrong(run, "numbers or texts only", typeof a === "number" || typeof a === "string" ? b : a);
}

function pairs(run: Run, args: readonly Argument[]): { item: Value; key: Value }[] {
  const by = reference(run, args[1]);
  const items = list(run, args[0]);
  reserveList(run, items.length * 4);
  return items.map((item) => ({ item, key: visit(run, by, item) }));
}

function extremeBy(run: Run, args: readonly Argument[], sign: 1 | -1): Value {
  let best: { item: Value; key: Value } | undefined;
  for (const pair of pairs(run, args)) if (!best || order(run, pair.key, best.key) * sign > 0) best = pair;
  return best ? best.item : null;
}

function extremeOf(run: Run, values: readonly Value[], sign: 1 | -1): Value {
  let best: Value = null;
  for (const value of values) if (best === null || order(run, value, best) * sign > 0) best = value;
  return best;
}

function contains(run: Run, [where, what]: readonly Argument[]): boolean {
  if (typeof where?.value === "string") {
    if (typeof what?.value !== "string") return false;
    chargeSearch(run, where.value.length, what.value.length);
    return where.value.includes(what.value);
  }
  const wanted = identityOf(run, what?.value);
  return list(run, where).some((item) => identityOf(run, item) === wanted);
}

function lengthOf(run: Run, arg: Argument | undefined): number {
  const value = arg?.value;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (isObject(value)) return ownKeys(run, value).length;
  throw wrong(run, "a text, a list or an object", value);
}

function typeOf(value: Value): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

function copy(run: Run, values: readonly Value[]): Value[] {
  reserveList(run, values.length);
  return madeList(run, [...values]);
}

function toNumber(run: Run, value: Value): Value {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  chargeText(run, value.length);
  if (value.trim() === "") return null;
  const parsed = Number(value);
  return Number.isNaN(parsed) ? null : parsed;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const FUNCTIONS: { readonly [name: string]: Function } = {
  length: (run, [value]) => lengthOf(run, value),
  keys: (run, [value]) => (isObject(value?.value) ? copy(run, ownKeys(run, value.value)) : null),
  values: (run, [value]) => {
    const object = value?.value;
    return isObject(object)
      ? copy(
          run,
          ownKeys(run, object).map((key) => object[key]),
        )
      : null;
  },
  sort: (run, [value]) => copy(run, list(run, value)).sort((a, b) => order(run, a, b)),
  sort_by: (run, args) => {
    const sorted = pairs(run, args).sort((a, b) => order(run, a.key, b.key));
    return copy(
      run,
      sorted.map((pair) => pair.item),
    );
  },
  max_by: (run, args) => extremeBy(run, args, 1),
  min_by: (run, args) => extremeBy(run, args, -1),
  max: (run, [value]) => extremeOf(run, list(run, value), 1),
  min: (run, [value]) => extremeOf(run, list(run, value), -1),
  sum: (run, [value]) => sum(numbers(run, value)),
  avg: (run, [value]) => {
    const values = numbers(run, value);
    return values.length === 0 ? null : sum(values) / values.length;
  },
  abs: (run, [value]) => Math.abs(number(run, value)),
  ceil: (run, [value]) => Math.ceil(number(run, value)),
  floor: (run, [value]) => Math.floor(number(run, value)),
  join: (run, [glue, value]) => joinTexts(run, list(run, value), text(run, glue)),
  contains: (run, args) => contains(run, args),
  starts_with: (run, [value, start]) => {
    const needle = text(run, start);
    chargeText(run, needle.length);
    return text(run, value).startsWith(needle);
  },
  ends_with: (run, [value, end]) => {
    const needle = text(run, end);
    chargeText(run, needle.length);
    return text(run, value).endsWith(needle);
  },
  map: (run, [by, values]) => {
    const change = reference(run, by);
    return copy(
      run,
      list(run, values).map((item) => visit(run, change, item)),
    );
  },
  to_string: (run, [value]) =>
    typeof value?.value === "string" ? value.value : (toJsonText(run, value?.value ?? null) ?? "null"),
  to_number: (run, [value]) => toNumber(run, value?.value),
  to_array: (run, [value]) => (Array.isArray(value?.value) ? value.value : copy(run, [value?.value])),
  not_null: (_run, args) => args.find((arg) => arg.value !== null && arg.value !== undefined)?.value ?? null,
  reverse: (run, [value]) =>
    typeof value?.value === "string"
      ? copy(run, Array.from(value.value)).reverse().join("")
      : copy(run, list(run, value)).reverse(),
  merge: (run, args) =>
    mergeAll(
      run,
      args.map((arg) => arg.value),
    ),
  type: (_run, [value]) => typeOf(value?.value),
};
