// Changes within data that belongs to somebody else: a copy where something changed, and the same object elsewhere.

export function mapList<T>(list: readonly T[], change: (one: T) => T): readonly T[] {
  let copy: T[] | undefined;
  for (const [index, one] of list.entries()) {
    const after = change(one);
    if (after === one) continue;
    copy ??= [...list];
    copy[index] = after;
  }
  return copy ?? list;
}

export function mapFields<T>(fields: object, change: (one: T, name: string) => T): object {
  let copy: object | undefined;
  for (const [name, one] of Object.entries(fields) as [string, T][]) {
    const after = change(one, name);
    if (after === one) continue;
    copy ??= { ...fields };
    // An own field, also when it is called __proto__: it is data.
    Object.defineProperty(copy, name, { value: after, enumerable: true, writable: true, configurable: true });
  }
  return copy ?? fields;
}
