// Lists as sets: items are the same when their data is equal, whatever the order of keys.
import { identityOf } from "../identity.ts";
import { readKey, toKey } from "../read.ts";
import { fail, madeList, type Run, reserveList } from "../run.ts";
import { method, nameOfKind, type Value } from "../values.ts";

function otherList(run: Run, value: Value): Value[] {
  if (Array.isArray(value)) return value;
  throw fail(
    run,
    "NOT_LIST",
    `${run.site.name} needs a list, but got ${nameOfKind(value)}.`,
    "Put the value in [ ].",
  );
}

function identities(run: Run, list: readonly Value[]): Set<string> {
  reserveList(run, list.length * 4);
  return new Set(list.map((item) => identityOf(run, item)));
}

/** With fields, items are the same when these fields are. */
function unique(run: Run, list: readonly Value[], fields: readonly Value[]): Value[] {
  const names = fields.flat().map((field) => toKey(run, field));
  const seen = new Set<string>();
  reserveList(run, list.length * 4);
  const kept: Value[] = [];
  for (const item of list) {
    const compared =
      names.length === 0 || item === null || item === undefined
        ? item
        : names.map((name) => readKey(run, item, name));
    const identity = identityOf(run, compared);
    if (seen.has(identity)) continue;
    seen.add(identity);
    kept.push(item);
  }
  return madeList(run, kept);
}

export const listSetHelpers = {
  unique: method<Value[]>(
    "unique(…fields)",
    "Each item once; with fields, once per value of these.",
    (run, self, args) => unique(run, self, args),
  ),
  removeDuplicates: method<Value[]>("removeDuplicates(…fields)", "The same as unique().", (run, self, args) =>
    unique(run, self, args),
  ),
  union: method<Value[]>("union(other)", "The items of both lists, each once.", (run, self, [other]) => {
    const more = otherList(run, other);
    reserveList(run, self.length + more.length);
    return unique(run, [...self, ...more], []);
  }),
  difference: method<Value[]>(
    "difference(other)",
    "The items that are not in the other list.",
    (run, self, [other]) => {
      const others = identities(run, otherList(run, other));
      reserveList(run, self.length);
      return madeList(
        run,
        self.filter((item) => !others.has(identityOf(run, item))),
      );
    },
  ),
  intersection: method<Value[]>(
    "intersection(other)",
    "The items that are in both lists.",
    (run, self, [other]) => {
      const others = identities(run, otherList(run, other));
      reserveList(run, self.length);
      return unique(
        run,
        self.filter((item) => others.has(identityOf(run, item))),
        [],
      );
    },
  ),
};
