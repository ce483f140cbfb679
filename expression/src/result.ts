// The way out: what an expression gives must be plain JSON, and small enough to write down.
// The walk visits shared parts as often as they would be written, so `[x, x, x]` of `[y, y, y]` cannot explode
// later. Inputs are passed on as they are; only a part that needs changing is copied, and never in place.
import { KEY_WORK, LIMITS } from "./limits.ts";
import { charge, fail, limitError, type Run } from "./run.ts";
import type { Json } from "./scope.ts";
import { isPlainObject, nameOfKind, Opaque, setOwn, type Value, type ValueObject } from "./values.ts";

type Walk = {
  readonly run: Run;
  bytes: number;
  readonly limit: string;
  readonly bytesMax: number;
  readonly indent: number;
};

export function toResult(run: Run, value: Value): Json | undefined {
  return walk({ run, bytes: 0, limit: "resultBytes", bytesMax: LIMITS.resultBytes, indent: 0 }, value, 0);
}

/** For JSON text: the same walk, measured against the longest text allowed. */
export function toJsonValue(run: Run, value: Value, indent = 0): Json | undefined {
  return walk({ run, bytes: 0, limit: "textLength", bytesMax: LIMITS.textLength, indent }, value, 0);
}

function walk(state: Walk, value: Value, level: number): Json | undefined {
  switch (typeof value) {
    case "string":
      weigh(state, value.length + 2);
      return value;
    case "number":
      weigh(state, 4);
      return Number.isFinite(value) ? value + 0 : null;
    case "boolean":
      weigh(state, 4);
      return value;
    case "object":
      if (value === null) return null;
      return walkObject(state, value, level);
    case "undefined":
      return undefined;
    default:
      return undefined;
  }
}

function walkObject(state: Walk, value: Value & object, level: number): Json | undefined {
  const { run } = state;
  if (level >= LIMITS.dataLevels) throw limitError(run, "LIMIT_DATA_LEVELS", "dataLevels", LIMITS.dataLevels);
  weigh(state, 2);
  if (Array.isArray(value)) return walkList(state, value, level);
  if (value instanceof Opaque) {
    const data = value.data(run);
    if (data !== undefined) return walk(state, data, level + 1);
    throw fail(
      run,
      "NOT_DATA",
      `The result holds a ${nameOfKind(value)}, which is not data.`,
      value.kind === "function"
        ? "Call the function: add () behind it."
        : "Read a value from it, for example with a method.",
    );
  }
  if (!isPlainObject(value)) {
    throw fail(
      run,
      "NOT_DATA",
      "The result holds something that is not plain data.",
      "Return texts, numbers, lists and objects.",
    );
  }
  return walkKeys(state, value, level);
}

function walkList(state: Walk, list: Value[], level: number): Json[] {
  charge(state.run, list.length);
  let changed: Json[] | null = null;
  const pad = (level + 1) * state.indent + 1;
  for (let i = 0; i < list.length; i++) {
    weigh(state, pad);
    const before = list[i];
    const after = walk(state, before, level + 1) ?? null;
    if (changed !== null) changed.push(after);
    else if (!Object.is(before, after)) {
      // What came before is unchanged, hence already JSON.
      changed = list.slice(0, i) as Json[];
      changed.push(after);
    }
  }
  return changed ?? (list as Json[]);
}

function walkKeys(state: Walk, object: ValueObject, level: number): { [key: string]: Json } {
  const keys = Object.keys(object);
  charge(state.run, keys.length * KEY_WORK);
  const pad = (level + 1) * state.indent + 4;
  let changed: ValueObject | null = null;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? "";
    weigh(state, key.length + pad);
    const before = object[key];
    const after = walk(state, before, level + 1);
    if (changed === null && !(Object.is(before, after) && after !== undefined))
      changed = copyKeys(object, keys, i);
    if (changed !== null && after !== undefined) setOwn(changed, key, after);
  }
  return (changed ?? object) as { [key: string]: Json };
}

function copyKeys(object: ValueObject, keys: string[], count: number): ValueObject {
  const copy: ValueObject = {};
  for (let i = 0; i < count; i++) setOwn(copy, keys[i] ?? "", object[keys[i] ?? ""]);
  return copy;
}

function weigh(state: Walk, bytes: number): void {
  state.bytes += bytes;
  if (state.bytes <= state.bytesMax) return;
  const code = state.limit === "textLength" ? "LIMIT_TEXT" : "LIMIT_RESULT";
  throw limitError(state.run, code, state.limit, state.bytesMax);
}
