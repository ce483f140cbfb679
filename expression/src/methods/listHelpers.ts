// Helpers on lists beyond JavaScript, by the names n8n users know: taking parts and adding up.
import { toInteger, toNumber } from "../convert.ts";
import { toJsonText } from "../jsonText.ts";
import { randomOf } from "../random.ts";
import { readKey, toKey } from "../read.ts";
import { charge, fail, madeList, type Run, reserveKeys, reserveList } from "../run.ts";
import { isObject, method, setOwn, type Value, type ValueObject } from "../values.ts";

function numbers(run: Run, list: readonly Value[]): number[] {
  reserveList(run, list.length);
  return list.map((item) => {
    const value = toNumber(run, item);
    // JavaScript reads a blank text as 0.
    const number = value === 0 && typeof item === "string" && item.trim() === "" ? Number.NaN : value;
    if (!Number.isNaN(number)) return number;
    throw fail(
      run,
      "BAD_ARGUMENT",
      `${run.site.name} needs numbers, but the list holds something else.`,
      "Use pluck() or map() to take the numbers out.",
    );
  });
}

function total(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Without going through arguments of Math.max, which overflow for long lists. */
export function extreme(values: readonly number[], sign: 1 | -1): number {
  let best = sign === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  for (const value of values) {
    if (Number.isNaN(value)) return Number.NaN;
    if ((value - best) * sign > 0) best = value;
  }
  return best;
}

function fieldOf(run: Run, item: Value, field: string): Value {
  return item === null || item === undefined ? undefined : readKey(run, item, field);
}

function pluck(run: Run, list: readonly Value[], fields: readonly string[]): Value[] {
  reserveList(run, list.length);
  charge(run, list.length * fields.length);
  const [only] = fields;
  if (only === undefined) return [...list];
  if (fields.length === 1) return list.map((item) => fieldOf(run, item, only));
  return list.map((item) => {
    reserveKeys(run, fields.length);
    const picked: ValueObject = {};
    for (const field of fields) setOwn(picked, field, fieldOf(run, item, field));
    return picked;
  });
}

const taking = {
  first: method<Value[]>("first()", "The first item.", (_run, self) => self[0]),
  last: method<Value[]>("last()", "The last item.", (_run, self) => self.at(-1)),
  isEmpty: method<Value[]>("isEmpty()", "True when there is no item.", (_run, self) => self.length === 0),
  isNotEmpty: method<Value[]>("isNotEmpty()", "True when there is an item.", (_run, self) => self.length > 0),
  randomItem: method<Value[]>(
    "randomItem()",
    "One item by chance; the same when evaluated again.",
    (run, self) => {
      return self[Math.floor(randomOf(run) * self.length)];
    },
  ),
  pluck: method<Value[]>(
    "pluck(…fields)",
    "Only these fields of each item; one field gives its values.",
    (run, self, args) =>
      madeList(
        run,
        pluck(
          run,
          self,
          args.map((arg) => toKey(run, arg)),
        ),
      ),
  ),
  chunk: method<Value[]>("chunk(size)", "The list cut into lists of this size.", (run, self, [value]) => {
    const size = toInteger(run, value, 0);
    if (size < 1) throw fail(run, "BAD_ARGUMENT", "chunk() needs a size of at least 1.", "Write chunk(10).");
    reserveList(run, self.length * 2);
    const chunks: Value[] = [];
    for (let i = 0; i < self.length; i += size) {
      reserveList(run, 1);
      chunks.push(madeList(run, self.slice(i, i + size)));
    }
    return madeList(run, chunks);
  }),
  compact: method<Value[]>("compact()", "Without null, undefined and empty texts.", (run, self) => {
    reserveList(run, self.length);
    return madeList(
      run,
      self.filter((item) => item !== null && item !== undefined && item !== ""),
    );
  }),
  append: method<Value[]>("append(…items)", "A copy with the items at the end.", (run, self, items) => {
    reserveList(run, self.length + items.length);
    return madeList(run, [...self, ...items]);
  }),
};

const adding = {
  sum: method<Value[]>("sum()", "The sum of the numbers.", (run, self) => total(numbers(run, self))),
  average: method<Value[]>("average()", "The mean of the numbers; 0 for no numbers.", (run, self) =>
    self.length === 0 ? 0 : total(numbers(run, self)) / self.length,
  ),
  min: method<Value[]>("min()", "The smallest number.", (run, self) =>
    self.length === 0 ? undefined : extreme(numbers(run, self), -1),
  ),
  max: method<Value[]>("max()", "The largest number.", (run, self) =>
    self.length === 0 ? undefined : extreme(numbers(run, self), 1),
  ),
};

const reshaping = {
  smartJoin: method<Value[]>(
    "smartJoin(keyField, valueField)",
    "An object from the two fields of each item.",
    (run, self, args) => {
      const [key = "", value = ""] = args.map((arg) => toKey(run, arg));
      reserveKeys(run, self.length);
      const joined: ValueObject = {};
      for (const item of self) {
        if (isObject(item) && Object.hasOwn(item, key))
          setOwn(joined, toKey(run, item[key]), fieldOf(run, item, value));
      }
      return joined;
    },
  ),
  renameKeys: method<Value[]>(
    "renameKeys(from, to, …)",
    "The items with fields renamed.",
    (run, self, args) => {
      const names = new Map<string, string>();
      for (let i = 0; i + 1 < args.length; i += 2) names.set(toKey(run, args[i]), toKey(run, args[i + 1]));
      reserveList(run, self.length);
      return madeList(
        run,
        self.map((item) => (isObject(item) ? renamed(run, item, names) : item)),
      );
    },
  ),
  toJsonString: method<Value[]>("toJsonString()", "The list as JSON text.", (run, self) =>
    toJsonText(run, self),
  ),
  merge: method<Value[]>(
    "merge(other)",
    "Without argument: all items as one object. With a list: item by item.",
    (run, self, [other]) => {
      if (!Array.isArray(other)) return mergeAll(run, self);
      reserveList(run, Math.max(self.length, other.length));
      const merged: Value[] = [];
      for (let i = 0; i < Math.max(self.length, other.length); i++)
        merged.push(mergeAll(run, [self[i], other[i]]));
      return madeList(run, merged);
    },
  ),
};

function renamed(run: Run, item: ValueObject, names: ReadonlyMap<string, string>): ValueObject {
  const keys = Object.keys(item);
  reserveKeys(run, keys.length);
  const result: ValueObject = {};
  for (const key of keys) setOwn(result, names.get(key) ?? key, item[key]);
  return result;
}

/** Later items win. Items that are no objects are left out. */
export function mergeAll(run: Run, list: readonly Value[]): ValueObject {
  const merged: ValueObject = {};
  charge(run, list.length);
  for (const item of list) {
    if (!isObject(item)) continue;
    const keys = Object.keys(item);
    reserveKeys(run, keys.length);
    for (const key of keys) setOwn(merged, key, item[key]);
  }
  return merged;
}

export const listHelpers = { ...taking, ...adding, ...reshaping };
