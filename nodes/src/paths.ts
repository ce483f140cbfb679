// Places within the data of an item: `customer.address.city`, `lines.0.sku`. Own fields only; nothing given is
// ever changed: writing copies what lies on the way. A field whose name contains a dot wins when reading.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { wrongParameter } from "./readConfig.ts";

export function getPath(value: Json | undefined, path: string): Json | undefined {
  const direct = child(value, path);
  if (direct !== undefined || !path.includes(".")) return direct;
  let current = value;
  for (const step of path.split(".")) current = child(current, step);
  return current;
}

function child(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(step) ? value[Number(step)] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? (value[step] as Json) : undefined;
}

/** Puts a value at a path of `target`, which the caller owns; objects and lists on the way are copied first. */
export function setPath(target: JsonObject, path: string, value: Json): void {
  if (!path.includes(".")) {
    target[safe(path)] = value;
    return;
  }
  const steps = path.split(".");
  const last = steps.pop() ?? path;
  let place: JsonObject | Json[] = target;
  for (const step of steps) place = copyInto(place, step);
  put(place, last, value);
}

/** Takes a field away; what is not there stays away. */
export function removePath(target: JsonObject, path: string): void {
  if (Object.hasOwn(target, path)) {
    delete target[path];
    return;
  }
  const steps = path.split(".");
  const last = steps.pop() ?? path;
  if (!isObject(steps.reduce<Json | undefined>(child, target))) return;
  let place: JsonObject | Json[] = target;
  for (const step of steps) place = copyInto(place, step);
  if (!Array.isArray(place)) delete place[last];
}

function copyInto(place: JsonObject | Json[], step: string): JsonObject | Json[] {
  const there = child(place, step);
  const copy = Array.isArray(there) ? [...there] : isObject(there) ? { ...(there as JsonObject) } : {};
  put(place, step, copy);
  return copy;
}

function put(place: JsonObject | Json[], step: string, value: Json): void {
  if (!Array.isArray(place)) {
    place[safe(step)] = value;
    return;
  }
  const index = Number(step);
  if (!Number.isInteger(index) || index < 0 || index > place.length) {
    throw wrongParameter(
      step,
      `is no place in a list of ${place.length}.`,
      "Use a number from 0 up to its length.",
    );
  }
  place[index] = value;
}

function safe(name: string): string {
  if (name === "__proto__") throw wrongParameter(name, "cannot be the name of a field.");
  return name;
}

/** The data of an item as an object, for nodes that work on fields. */
export function fieldsOf(json: Json): JsonObject | undefined {
  return isObject(json) ? (json as JsonObject) : undefined;
}
