// Turning values into texts, numbers and truth the way JavaScript does, without ever running
// toString, valueOf or toJSON of data. Invariant: host conversions only ever see primitives.
import { LIMITS } from "./limits.ts";
import { charge, chargeText, limitError, type Run, reserveText } from "./run.ts";
import { Opaque, type Value } from "./values.ts";

export type Primitive = undefined | null | boolean | number | string;

/** `String(value)`. Template holes use `partText` of template.ts instead. */
export function toText(run: Run, value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return String(value);
  return textOfObject(run, value, 0);
}

function textOfObject(run: Run, value: Value & object, level: number): string {
  if (value instanceof Opaque) return value.text(run);
  if (!Array.isArray(value)) return "[object Object]";
  return joinTexts(run, value, ",", level);
}

/** `list.join(separator)`; nested lists join by commas. */
export function joinTexts(run: Run, list: readonly Value[], separator: string, level = 0): string {
  if (level > LIMITS.dataLevels) throw limitError(run, "LIMIT_DATA_LEVELS", "dataLevels", LIMITS.dataLevels);
  charge(run, list.length);
  let length = 0;
  const texts: string[] = [];
  for (const element of list) {
    let text = "";
    if (typeof element === "string") text = element;
    else if (element === null || element === undefined) text = "";
    else if (typeof element !== "object") text = String(element);
    else if (Array.isArray(element)) text = joinTexts(run, element, ",", level + 1);
    else text = textOfObject(run, element, level + 1);
    length += text.length + separator.length;
    if (length > LIMITS.textLength + separator.length) {
      throw limitError(run, "LIMIT_TEXT", "textLength", LIMITS.textLength);
    }
    texts.push(text);
  }
  reserveText(run, Math.max(0, length - separator.length));
  return texts.join(separator);
}

export function toNumber(run: Run, value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") {
    chargeText(run, value.length);
    return Number(value);
  }
  if (typeof value !== "object" || value === null) return Number(value);
  if (value instanceof Opaque) return value.number(run);
  return Array.isArray(value) ? toNumber(run, toText(run, value)) : Number.NaN;
}

/** Like Math.trunc(Number(value)) with NaN as the fallback, as most text and list methods want. */
export function toInteger(run: Run, value: Value, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Math.trunc(toNumber(run, value));
  return Number.isNaN(number) ? 0 : number;
}

/** What operators work on. Dates compare and subtract as numbers, but add to text as text. */
export function toPrimitive(run: Run, value: Value, wanted: "number" | "text"): Primitive {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Opaque && wanted === "number") {
    const number = value.number(run);
    if (!Number.isNaN(number)) return number;
  }
  return toText(run, value);
}

/** `==` */
export function looselyEqual(run: Run, left: Value, right: Value): boolean {
  if (left === null || left === undefined) return right === null || right === undefined;
  if (right === null || right === undefined) return false;
  const leftIsObject = typeof left === "object";
  const rightIsObject = typeof right === "object";
  if (leftIsObject && rightIsObject) return left === right;
  if (leftIsObject) return looselyEqual(run, toPrimitive(run, left, loose(right)), right);
  if (rightIsObject) return looselyEqual(run, left, toPrimitive(run, right, loose(left)));
  if (typeof left === typeof right) return strictlyEqual(run, left, right);
  return toNumber(run, left) === toNumber(run, right);
}

function loose(other: Value): "number" | "text" {
  return typeof other === "string" ? "text" : "number";
}

/** `===`; two long texts of the same length are compared letter by letter. */
export function strictlyEqual(run: Run, left: Value, right: Value): boolean {
  if (typeof left === "string" && typeof right === "string" && left.length === right.length) {
    if (left.length > 64) chargeText(run, left.length);
  }
  return left === right;
}

/** `includes` and duplicates treat NaN as equal to itself. */
export function sameValue(run: Run, left: Value, right: Value): boolean {
  return strictlyEqual(run, left, right) || (Number.isNaN(left) && Number.isNaN(right));
}
