// The methods JavaScript has on lists. Those that would change the list give a changed copy instead;
// only push and unshift change it, and only when the list was made by this very expression.
// The length is read once at the start: a callback that pushes does not make the loop longer.
import { joinTexts, sameValue, strictlyEqual, toInteger, toText } from "../convert.ts";
import { charge, fail, madeList, type Run, reserveList } from "../run.ts";
import { method, methodTable, type Value } from "../values.ts";
import { listCallbacks } from "./listCallbacks.ts";
import { listHelpers } from "./listHelpers.ts";
import { listSetHelpers } from "./listSets.ts";
import { sortList } from "./listSort.ts";

function copyPart(run: Run, list: readonly Value[], start: number, end: number): Value[] {
  const part = list.slice(start, end);
  reserveList(run, part.length);
  return madeList(run, part);
}

/** A position as slice counts it: negative from the end, never outside. */
function position(run: Run, value: Value, length: number, fallback: number): number {
  const at = toInteger(run, value, fallback);
  return at < 0 ? Math.max(0, length + at) : Math.min(at, length);
}

function changeable(run: Run, list: Value[], name: string): void {
  if (run.madeLists?.has(list)) return;
  throw fail(
    run,
    "READ_ONLY",
    `${name} would change data that came in.`,
    "Build a new list instead: [...list, item].",
  );
}

function flatten(run: Run, list: readonly Value[], depth: number, out: Value[], level: number): Value[] {
  charge(run, list.length);
  for (const item of list) {
    if (Array.isArray(item) && level < depth) flatten(run, item, depth, out, level + 1);
    else {
      reserveList(run, 1);
      out.push(item);
    }
  }
  return out;
}

const reading = {
  at: method<Value[]>(
    "at(index)",
    "The item at this position; negative counts from the end.",
    (run, self, [index]) => self.at(toInteger(run, index, 0)),
  ),
  includes: method<Value[]>("includes(item)", "True when the item is in the list.", (run, self, [item]) => {
    charge(run, self.length);
    for (const each of self) if (sameValue(run, each, item)) return true;
    return false;
  }),
  indexOf: method<Value[]>("indexOf(item)", "Position of the item, or -1.", (run, self, [item, from]) => {
    charge(run, self.length);
    for (let i = position(run, from, self.length, 0); i < self.length; i++)
      if (strictlyEqual(run, self[i], item)) return i;
    return -1;
  }),
  lastIndexOf: method<Value[]>(
    "lastIndexOf(item)",
    "Last position of the item, or -1.",
    (run, self, [item]) => {
      charge(run, self.length);
      for (let i = self.length - 1; i >= 0; i--) if (strictlyEqual(run, self[i], item)) return i;
      return -1;
    },
  ),
  join: method<Value[]>("join(separator)", "The items as one text.", (run, self, [separator]) =>
    joinTexts(run, self, separator === undefined ? "," : toText(run, separator)),
  ),
  toString: method<Value[]>("toString()", "The items as one text with commas.", (run, self) =>
    joinTexts(run, self, ","),
  ),
  keys: method<Value[]>("keys()", "The positions as a list.", (run, self) => {
    reserveList(run, self.length);
    return madeList(run, [...self.keys()]);
  }),
  values: method<Value[]>("values()", "The items as a list.", (run, self) =>
    copyPart(run, self, 0, self.length),
  ),
  entries: method<Value[]>("entries()", "A list of [position, item].", (run, self) => {
    reserveList(run, self.length * 4);
    return madeList(
      run,
      self.map((item, i) => madeList(run, [i, item])),
    );
  }),
  pop: method<Value[]>("pop()", "The last item; the list stays as it is.", (_run, self) => self.at(-1)),
  shift: method<Value[]>("shift()", "The first item; the list stays as it is.", (_run, self) => self[0]),
};

const copying = {
  slice: method<Value[]>(
    "slice(start, end)",
    "The part from start up to end; negative counts from the end.",
    (run, self, [start, end]) =>
      copyPart(run, self, toInteger(run, start, 0), toInteger(run, end, self.length)),
  ),
  concat: method<Value[]>("concat(…lists)", "This list followed by the others.", (run, self, args) => {
    const list = copyPart(run, self, 0, self.length);
    for (const arg of args) {
      const more = Array.isArray(arg) ? arg : [arg];
      reserveList(run, more.length);
      for (const item of more) list.push(item);
    }
    return list;
  }),
  flat: method<Value[]>("flat(depth)", "Lists inside the list taken apart.", (run, self, [depth]) =>
    madeList(run, flatten(run, self, Math.min(200, toInteger(run, depth, 1)), [], 0)),
  ),
  reverse: method<Value[]>("reverse()", "A copy in reverse order.", (run, self) =>
    copyPart(run, self, 0, self.length).reverse(),
  ),
  toReversed: method<Value[]>("toReversed()", "A copy in reverse order.", (run, self) =>
    copyPart(run, self, 0, self.length).reverse(),
  ),
  sort: method<Value[]>(
    "sort((a, b) => …)",
    "A sorted copy; without a function in text order.",
    (run, self, [order]) => sortList(run, self, order),
  ),
  toSorted: method<Value[]>("toSorted((a, b) => …)", "A sorted copy.", (run, self, [order]) =>
    sortList(run, self, order),
  ),
  fill: method<Value[]>(
    "fill(value, start, end)",
    "A copy with the value in each place.",
    (run, self, [value, start, end]) => {
      const list = copyPart(run, self, 0, self.length);
      return list.fill(
        value,
        position(run, start, self.length, 0),
        position(run, end, self.length, self.length),
      );
    },
  ),
  splice: method<Value[]>(
    "splice(start, count)",
    "The items from start on; the list stays as it is.",
    (run, self, [start, count]) => {
      const from = position(run, start, self.length, 0);
      const most = count === undefined ? self.length - from : Math.max(0, toInteger(run, count, 0));
      return copyPart(run, self, from, from + most);
    },
  ),
  toSpliced: method<Value[]>(
    "toSpliced(start, count, …items)",
    "A copy with items taken out and others put in.",
    (run, self, [start, count, ...items]) => {
      const from = position(run, start, self.length, 0);
      const most = count === undefined ? self.length - from : Math.max(0, toInteger(run, count, 0));
      reserveList(run, self.length + items.length);
      return madeList(run, [...self.slice(0, from), ...items, ...self.slice(from + most)]);
    },
  ),
  with: method<Value[]>(
    "with(index, item)",
    "A copy with another item at this position.",
    (run, self, [index, item]) => {
      const list = copyPart(run, self, 0, self.length);
      const at = toInteger(run, index, 0);
      const place = at < 0 ? self.length + at : at;
      if (place < 0 || place >= self.length)
        throw fail(run, "BAD_ARGUMENT", "There is no such position.", "Check the length first.");
      list[place] = item;
      return list;
    },
  ),
};

const growing = {
  push: method<Value[]>(
    "push(item)",
    "Adds to a list made in this expression; gives the new length.",
    (run, self, items) => {
      changeable(run, self, "push()");
      reserveList(run, items.length);
      for (const item of items) self.push(item);
      return self.length;
    },
  ),
  unshift: method<Value[]>(
    "unshift(item)",
    "Adds in front of a list made in this expression.",
    (run, self, items) => {
      changeable(run, self, "unshift()");
      reserveList(run, items.length);
      charge(run, self.length);
      for (let i = items.length - 1; i >= 0; i--) self.unshift(items[i]);
      return self.length;
    },
  ),
};

export const listMethods = methodTable<Value[]>(
  reading,
  copying,
  growing,
  listCallbacks,
  listHelpers,
  listSetHelpers,
);
