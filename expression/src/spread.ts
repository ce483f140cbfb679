// `...value`: lists and texts spread into lists, objects into objects.
import { charge, fail, type Run, reserveKeys, reserveList } from "./run.ts";
import { isObject, nameOfKind, setOwn, type Value, type ValueObject } from "./values.ts";

export function spreadInto(run: Run, target: Value[], value: Value): void {
  const list = iterate(run, value);
  reserveList(run, list.length);
  for (let i = 0; i < list.length; i++) target.push(list[i]);
}

/** The elements of a list, or the letters of a text. */
export function iterate(run: Run, value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") {
    reserveList(run, value.length);
    return Array.from(value);
  }
  throw fail(
    run,
    "NOT_LIST",
    `Expected a list, but got ${nameOfKind(value)}.`,
    "Check the value, or use `?? []`.",
  );
}

export function spreadKeys(run: Run, target: ValueObject, value: Value): void {
  if (isObject(value)) {
    const keys = Object.keys(value);
    reserveKeys(run, keys.length);
    for (const key of keys) setOwn(target, key, value[key]);
  } else if (Array.isArray(value) || typeof value === "string") {
    reserveKeys(run, value.length);
    for (let i = 0; i < value.length; i++) setOwn(target, String(i), value[i]);
  }
  charge(run, 1);
}
