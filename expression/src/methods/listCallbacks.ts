// List methods that call a function for each item. A callback costs at least one unit of work.
import { type Callable, call, callableOr, invoke } from "../functions.ts";
import { fail, madeList, type Run, reserveList } from "../run.ts";
import { spreadInto } from "../spread.ts";
import { method, type Value } from "../values.ts";

function first(run: Run, list: Value[], value: Value, name: string): number {
  const test = callableOr(run, value, name);
  const { length } = list;
  for (let i = 0; i < length; i++) if (invoke(run, test, list[i], i, list)) return i;
  return -1;
}

function last(run: Run, list: Value[], value: Value, name: string): number {
  const test = callableOr(run, value, name);
  for (let i = list.length - 1; i >= 0; i--) if (invoke(run, test, list[i], i, list)) return i;
  return -1;
}

function reduce(run: Run, list: Value[], args: Value[], order: readonly [from: number, step: 1 | -1]): Value {
  const combine: Callable = callableOr(run, args[0], "reduce()");
  const { length } = list;
  let [at] = order;
  let value = args[1];
  if (args.length < 2) {
    if (length === 0)
      throw fail(
        run,
        "BAD_ARGUMENT",
        "reduce() of an empty list needs a start value.",
        "Add one: reduce(f, 0).",
      );
    value = list[at];
    at += order[1];
  }
  for (; at >= 0 && at < length; at += order[1]) value = call(run, combine, [value, list[at], at, list]);
  return value;
}

export const listCallbacks = {
  map: method<Value[]>(
    "map(item => …)",
    "The result of the function for each item.",
    (run, self, [value]) => {
      const change = callableOr(run, value, "map()");
      const { length } = self;
      reserveList(run, length);
      const list: Value[] = [];
      for (let i = 0; i < length; i++) list.push(invoke(run, change, self[i], i, self));
      return madeList(run, list);
    },
  ),
  filter: method<Value[]>(
    "filter(item => …)",
    "Only the items for which the function is true.",
    (run, self, [value]) => {
      const test = callableOr(run, value, "filter()");
      const { length } = self;
      reserveList(run, length);
      const list: Value[] = [];
      for (let i = 0; i < length; i++) {
        const item = self[i];
        if (invoke(run, test, item, i, self)) list.push(item);
      }
      return madeList(run, list);
    },
  ),
  flatMap: method<Value[]>(
    "flatMap(item => […])",
    "The lists the function gives, one after the other.",
    (run, self, [value]) => {
      const change = callableOr(run, value, "flatMap()");
      const { length } = self;
      const list: Value[] = [];
      for (let i = 0; i < length; i++) {
        const part = invoke(run, change, self[i], i, self);
        spreadInto(run, list, Array.isArray(part) ? part : [part]);
      }
      return madeList(run, list);
    },
  ),
  forEach: method<Value[]>(
    "forEach(item => …)",
    "Calls the function for each item.",
    (run, self, [value]) => {
      const visit = callableOr(run, value, "forEach()");
      const { length } = self;
      for (let i = 0; i < length; i++) invoke(run, visit, self[i], i, self);
      return undefined;
    },
  ),
  find: method<Value[]>(
    "find(item => …)",
    "The first item for which the function is true.",
    (run, self, [value]) => {
      const at = first(run, self, value, "find()");
      return at === -1 ? undefined : self[at];
    },
  ),
  findIndex: method<Value[]>(
    "findIndex(item => …)",
    "The position of that item, or -1.",
    (run, self, [value]) => first(run, self, value, "findIndex()"),
  ),
  findLast: method<Value[]>(
    "findLast(item => …)",
    "The last item for which the function is true.",
    (run, self, [value]) => {
      const at = last(run, self, value, "findLast()");
      return at === -1 ? undefined : self[at];
    },
  ),
  findLastIndex: method<Value[]>(
    "findLastIndex(item => …)",
    "The position of that item, or -1.",
    (run, self, [value]) => last(run, self, value, "findLastIndex()"),
  ),
  some: method<Value[]>(
    "some(item => …)",
    "True when the function is true for any item.",
    (run, self, [value]) => first(run, self, value, "some()") !== -1,
  ),
  every: method<Value[]>(
    "every(item => …)",
    "True when the function is true for all items.",
    (run, self, [value]) => {
      const test = callableOr(run, value, "every()");
      const { length } = self;
      for (let i = 0; i < length; i++) if (!invoke(run, test, self[i], i, self)) return false;
      return true;
    },
  ),
  reduce: method<Value[]>(
    "reduce((sum, item) => …, start)",
    "All items combined into one value.",
    (run, self, args) => reduce(run, self, args, [0, 1]),
  ),
  reduceRight: method<Value[]>(
    "reduceRight((sum, item) => …, start)",
    "The same from the end.",
    (run, self, args) => reduce(run, self, args, [self.length - 1, -1]),
  ),
};
