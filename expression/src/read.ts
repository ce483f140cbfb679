// Reading properties: own properties of plain data only. Methods are not properties here,
// so `constructor`, `__proto__` and the like are simply missing keys.

import { toText } from "./convert.ts";
import { readFact } from "./regex/matchFacts.ts";
import type { Run } from "./run.ts";
import { chargeText } from "./run.ts";
import { isPlainObject, Opaque, type Value } from "./values.ts";

/** `base` must not be null or undefined; the caller decides what that means. */
export function readKey(run: Run, base: Value, key: string): Value {
  if (typeof base === "object" && base !== null) {
    // Plain objects first: they are what is read most, and nothing else has their prototype.
    if (isPlainObject(base)) return Object.hasOwn(base, key) ? asValue(base[key]) : undefined;
    if (Array.isArray(base)) return readList(base, key);
    return base instanceof Opaque ? base.read(run, key) : undefined;
  }
  if (typeof base === "string") return key === "length" ? base.length : textAt(base, indexOf(key));
  return undefined;
}

function readList(list: Value[], key: string): Value {
  if (key === "length") return list.length;
  const index = indexOf(key);
  return index === -1 ? readFact(list, key) : readAt(list, index);
}

export function readComputed(run: Run, base: Value, key: Value): Value {
  if (typeof key === "number") {
    if (Array.isArray(base)) return readAt(base, key);
    if (typeof base === "string") return textAt(base, key);
    return readKey(run, base, String(key));
  }
  return readKey(run, base, toKey(run, key));
}

export function toKey(run: Run, key: Value): string {
  const text = toText(run, key);
  if (text.length > 64) chargeText(run, text.length);
  return text;
}

function readAt(list: Value[], index: number): Value {
  return index >= 0 && index < list.length ? asValue(list[index]) : undefined;
}

function textAt(text: string, index: number): Value {
  return index >= 0 && index < text.length ? text[index] : undefined;
}

function indexOf(key: string): number {
  const index = Number(key);
  return String(index) === key && Number.isInteger(index) ? index : -1;
}

/** The last line of defence against a host that passes more than plain data. */
function asValue(value: Value): Value {
  return typeof value === "function" || typeof value === "symbol" || typeof value === "bigint"
    ? undefined
    : value;
}
