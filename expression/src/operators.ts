// The binary operators. Fast for numbers, charged for text.
import { looselyEqual, strictlyEqual, toNumber, toPrimitive, toText } from "./convert.ts";
import { toKey } from "./read.ts";
import { chargeText, fail, type Run, reserveText } from "./run.ts";
import { isObject, nameOfKind, Opaque, type Value } from "./values.ts";

export type BinaryOperation = (run: Run, left: Value, right: Value) => Value;

export function add(run: Run, left: Value, right: Value): Value {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left === "string" && typeof right === "string") return joined(run, left, right);
  const withText = isTextual(left) || isTextual(right);
  if (!withText) return toNumber(run, left) + toNumber(run, right);
  return joined(run, toText(run, left), toText(run, right));
}

function joined(run: Run, left: string, right: string): string {
  reserveText(run, left.length + right.length);
  return left + right;
}

/** Lists and objects add as text in JavaScript; our dates only do so when the other side is text. */
function isTextual(value: Value): boolean {
  if (typeof value === "string") return true;
  if (typeof value !== "object" || value === null) return false;
  return !(value instanceof Opaque) || value.kind === "date";
}

function compare(
  run: Run,
  left: Value,
  right: Value,
  test: (a: number | string, b: number | string) => boolean,
) {
  const a = toPrimitive(run, left, "number");
  const b = toPrimitive(run, right, "number");
  if (typeof a === "string" && typeof b === "string") {
    chargeText(run, Math.min(a.length, b.length));
    return test(a, b);
  }
  return test(toNumber(run, a), toNumber(run, b));
}

function has(run: Run, left: Value, right: Value): boolean {
  const key = toKey(run, left);
  if (Array.isArray(right)) return Object.hasOwn(right, key);
  if (isObject(right)) return Object.hasOwn(right, key);
  throw fail(
    run,
    "BAD_ARGUMENT",
    `"in" needs an object, but got ${nameOfKind(right)}.`,
    "Check the value first.",
  );
}

const OPERATIONS: { readonly [operator: string]: BinaryOperation } = {
  "+": add,
  "-": (run, a, b) => toNumber(run, a) - toNumber(run, b),
  "*": (run, a, b) => toNumber(run, a) * toNumber(run, b),
  "/": (run, a, b) => toNumber(run, a) / toNumber(run, b),
  "%": (run, a, b) => toNumber(run, a) % toNumber(run, b),
  "**": (run, a, b) => toNumber(run, a) ** toNumber(run, b),
  "&": (run, a, b) => toNumber(run, a) & toNumber(run, b),
  "|": (run, a, b) => toNumber(run, a) | toNumber(run, b),
  "^": (run, a, b) => toNumber(run, a) ^ toNumber(run, b),
  "<<": (run, a, b) => toNumber(run, a) << toNumber(run, b),
  ">>": (run, a, b) => toNumber(run, a) >> toNumber(run, b),
  ">>>": (run, a, b) => toNumber(run, a) >>> toNumber(run, b),
  "===": strictlyEqual,
  "!==": (run, a, b) => !strictlyEqual(run, a, b),
  "==": looselyEqual,
  "!=": (run, a, b) => !looselyEqual(run, a, b),
  "<": (run, a, b) =>
    typeof a === "number" && typeof b === "number" ? a < b : compare(run, a, b, (x, y) => x < y),
  ">": (run, a, b) =>
    typeof a === "number" && typeof b === "number" ? a > b : compare(run, a, b, (x, y) => x > y),
  "<=": (run, a, b) => compare(run, a, b, (x, y) => x <= y),
  ">=": (run, a, b) => compare(run, a, b, (x, y) => x >= y),
  in: has,
};

export function binaryOperation(operator: string): BinaryOperation | undefined {
  return Object.hasOwn(OPERATIONS, operator) ? OPERATIONS[operator] : undefined;
}
