// Object, Array, String, Number, Boolean and JSON: the static functions of JavaScript's data types.
import { toInteger, toNumber, toText } from "../convert.ts";
import { callableOr, invoke } from "../functions.ts";
import { hostCall } from "../hostCall.ts";
import { parseJsonText, toJsonText } from "../jsonText.ts";
import { keysOf } from "../methods/object.ts";
import { readKey, toKey } from "../read.ts";
import { charge, chargeText, fail, madeList, type Run, reserveKeys, reserveList } from "../run.ts";
import { iterate, spreadKeys } from "../spread.ts";
import {
  type BuiltinParts,
  isObject,
  method,
  methodTable,
  setOwn,
  type Value,
  type ValueObject,
} from "../values.ts";

/** Own keys as Object.keys gives them, for texts and lists too. */
function keysOfAny(run: Run, value: Value): string[] {
  if (isObject(value)) return keysOf(run, value);
  if (value === null || value === undefined) {
    if (run.lenient) return [];
    throw fail(
      run,
      "NULL_READ",
      `${run.site.name} needs an object, but the value is missing.`,
      "Use `?? {}` to allow a missing value.",
    );
  }
  if (!Array.isArray(value) && typeof value !== "string") return [];
  reserveList(run, value.length);
  return Array.from({ length: value.length }, (_, i) => String(i));
}

/** Reading a key of a large object costs more than listing it. */
function payForReading(run: Run, keys: readonly string[]): readonly string[] {
  charge(run, keys.length * 2);
  return keys;
}

function fromEntries(run: Run, value: Value): ValueObject {
  const entries = iterate(run, value);
  reserveKeys(run, entries.length);
  const object: ValueObject = {};
  for (const entry of entries) {
    if (Array.isArray(entry)) setOwn(object, toKey(run, entry[0]), entry[1]);
  }
  return object;
}

function groupBy(run: Run, value: Value, by: Value): ValueObject {
  const list = iterate(run, value);
  const keyOf = callableOr(run, by, "Object.groupBy()");
  const groups = new Map<string, Value[]>();
  reserveList(run, list.length);
  for (let i = 0; i < list.length; i++) {
    const key = toKey(run, invoke(run, keyOf, list[i], i));
    const group = groups.get(key);
    if (group) group.push(list[i]);
    else {
      reserveKeys(run, 1);
      groups.set(key, madeList(run, [list[i]]));
    }
  }
  const object: ValueObject = {};
  for (const [key, group] of groups) setOwn(object, key, group);
  return object;
}

export const objectParts: BuiltinParts = {
  signature: "Object",
  doc: "Functions on objects: Object.keys(data), Object.entries(data).",
  methods: methodTable<Value>({
    keys: method("Object.keys(data)", "The names of its fields.", (run, _self, [value]) =>
      madeList(run, keysOfAny(run, value)),
    ),
    values: method("Object.values(data)", "The values of its fields.", (run, _self, [value]) =>
      madeList(
        run,
        payForReading(run, keysOfAny(run, value)).map((key) => readKey(run, value, key)),
      ),
    ),
    entries: method("Object.entries(data)", "A list of [name, value].", (run, _self, [value]) => {
      const keys = payForReading(run, keysOfAny(run, value));
      reserveList(run, keys.length * 4);
      return madeList(
        run,
        keys.map((key) => madeList(run, [key, readKey(run, value, key)])),
      );
    }),
    fromEntries: method(
      "Object.fromEntries(list)",
      "An object from a list of [name, value].",
      (run, _self, [value]) => fromEntries(run, value),
    ),
    assign: method("Object.assign(…objects)", "A new object with the fields of all.", (run, _self, args) => {
      const object: ValueObject = {};
      for (const arg of args) spreadKeys(run, object, arg);
      return object;
    }),
    hasOwn: method(
      "Object.hasOwn(data, name)",
      "True when it has this field.",
      (run, _self, [value, name]) => {
        return (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, toKey(run, name));
      },
    ),
    groupBy: method(
      "Object.groupBy(list, item => …)",
      "The items grouped by what the function gives.",
      (run, _self, [value, by]) => groupBy(run, value, by),
    ),
    freeze: method(
      "Object.freeze(data)",
      "The data itself; data never changes here.",
      (_run, _self, [value]) => value,
    ),
    is: method("Object.is(a, b)", "True for the same value, also for NaN.", (run, _self, [a, b]) => {
      if (typeof a === "string") chargeText(run, a.length);
      return Object.is(a, b);
    }),
  }),
};

function arrayFrom(run: Run, value: Value, change: Value): Value[] {
  const length = isObject(value) ? Math.max(0, toInteger(run, value.length, 0)) : -1;
  if (length > 0) reserveList(run, length);
  const source = length >= 0 ? null : iterate(run, value);
  const count = source ? source.length : length;
  if (source) reserveList(run, count);
  const list: Value[] = [];
  const changing = change === undefined ? null : callableOr(run, change, "Array.from()");
  for (let i = 0; i < count; i++) {
    const item = source ? source[i] : readKey(run, value, String(i));
    list.push(changing ? invoke(run, changing, item, i) : item);
  }
  return madeList(run, list);
}

function arrayOf(run: Run, args: Value[]): Value {
  const [only] = args;
  if (args.length !== 1 || typeof only !== "number") {
    reserveList(run, args.length);
    return madeList(run, [...args]);
  }
  const length = Math.max(0, toInteger(run, only, 0));
  reserveList(run, length);
  return madeList(run, Array.from<Value>({ length }));
}

export const arrayParts: BuiltinParts = {
  signature: "Array(length)",
  doc: "Functions on lists: Array.isArray(value), Array.from({ length: 3 }, (_, i) => i).",
  call: (run, _self, args) => arrayOf(run, args),
  methods: methodTable<Value>({
    isArray: method("Array.isArray(value)", "True for a list.", (_run, _self, [value]) =>
      Array.isArray(value),
    ),
    of: method("Array.of(…items)", "A list of the items.", (run, _self, args) => {
      reserveList(run, args.length);
      return madeList(run, [...args]);
    }),
    from: method(
      "Array.from(value, (item, i) => …)",
      "A list from a text, a list or { length: 3 }.",
      (run, _self, [value, change]) => arrayFrom(run, value, change),
    ),
  }),
};

export const stringParts: BuiltinParts = {
  signature: "String(value)",
  doc: "The value as text.",
  call: (run, _self, args) => (args.length === 0 ? "" : toText(run, args[0])),
  methods: methodTable<Value>({
    fromCharCode: method(
      "String.fromCharCode(…numbers)",
      "The letters with these numbers.",
      (run, _self, args) => {
        reserveList(run, args.length);
        return args.map((arg) => String.fromCharCode(toNumber(run, arg))).join("");
      },
    ),
    fromCodePoint: method(
      "String.fromCodePoint(…numbers)",
      "The letters with these numbers, also beyond 65535.",
      (run, _self, args) => {
        reserveList(run, args.length);
        return hostCall(run, () => args.map((arg) => String.fromCodePoint(toNumber(run, arg))).join(""));
      },
    ),
  }),
};

export const numberParts: BuiltinParts = {
  signature: "Number(value)",
  doc: "The value as a number; NaN when it is none.",
  call: (run, _self, args) => (args.length === 0 ? 0 : toNumber(run, args[0])),
  methods: methodTable<Value>({
    isInteger: method("Number.isInteger(value)", "True for a whole number.", (_run, _self, [value]) =>
      Number.isInteger(value),
    ),
    isSafeInteger: method(
      "Number.isSafeInteger(value)",
      "True for a whole number that is exact.",
      (_run, _self, [value]) => Number.isSafeInteger(value),
    ),
    isFinite: method(
      "Number.isFinite(value)",
      "True for a number that is not infinite.",
      (_run, _self, [value]) => Number.isFinite(value),
    ),
    isNaN: method("Number.isNaN(value)", "True for NaN.", (_run, _self, [value]) => Number.isNaN(value)),
    parseFloat: method(
      "Number.parseFloat(text)",
      "The number at the start of a text.",
      (run, _self, [value]) => floatOf(run, value),
    ),
    parseInt: method(
      "Number.parseInt(text, base)",
      "The whole number at the start of a text.",
      (run, _self, [value, base]) => intOf(run, value, base),
    ),
  }),
  constants: {
    MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
    MIN_SAFE_INTEGER: Number.MIN_SAFE_INTEGER,
    MAX_VALUE: Number.MAX_VALUE,
    MIN_VALUE: Number.MIN_VALUE,
    EPSILON: Number.EPSILON,
    POSITIVE_INFINITY: Number.POSITIVE_INFINITY,
    NEGATIVE_INFINITY: Number.NEGATIVE_INFINITY,
    NaN: Number.NaN,
  },
};

export function floatOf(run: Run, value: Value): number {
  const text = toText(run, value);
  chargeText(run, text.length);
  return Number.parseFloat(text);
}

export function intOf(run: Run, value: Value, base: Value): number {
  const text = toText(run, value);
  chargeText(run, text.length);
  return Number.parseInt(text, base === undefined ? undefined : toInteger(run, base, 10));
}

function indentOf(run: Run, value: Value): number {
  if (typeof value === "string") return Math.min(10, value.length);
  return Math.max(0, Math.min(10, toInteger(run, value, 0)));
}

export const jsonParts: BuiltinParts = {
  signature: "JSON",
  doc: "JSON text: JSON.stringify(data), JSON.parse(text).",
  methods: methodTable<Value>({
    stringify: method(
      "JSON.stringify(data, null, indent)",
      "The data as JSON text.",
      (run, _self, [value, replacer, indent]) => {
        if (replacer !== undefined && replacer !== null) {
          throw fail(
            run,
            "BAD_ARGUMENT",
            "JSON.stringify() takes no replacer here.",
            "Pass null, and change the data first.",
          );
        }
        charge(run, 1);
        return toJsonText(run, value, indentOf(run, indent));
      },
    ),
    parse: method("JSON.parse(text)", "The data written in a JSON text.", (run, _self, [value, reviver]) => {
      if (reviver !== undefined)
        throw fail(run, "BAD_ARGUMENT", "JSON.parse() takes no reviver here.", "Change the data afterwards.");
      return parseJsonText(run, toText(run, value));
    }),
  }),
};
