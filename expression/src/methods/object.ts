// Methods of objects. A field of the same name is data and does not hide a method, unless it is a function
// that the expression itself put there.
import { toText } from "../convert.ts";
import { toJsonText } from "../jsonText.ts";
import { toKey } from "../read.ts";
import {
  charge,
  chargeSearch,
  growText,
  madeList,
  ownKeys,
  type Run,
  reserveKeys,
  reserveList,
} from "../run.ts";
import { isObject, method, methodTable, setOwn, type Value, type ValueObject } from "../values.ts";
import { mergeAll } from "./listHelpers.ts";

export function keysOf(run: Run, value: ValueObject): string[] {
  const keys = Object.keys(value);
  reserveList(run, keys.length);
  return keys;
}

function keep(run: Run, value: ValueObject, test: (key: string, field: Value) => boolean): ValueObject {
  const keys = Object.keys(value);
  reserveKeys(run, keys.length);
  const kept: ValueObject = {};
  for (const key of keys) if (test(key, value[key])) setOwn(kept, key, value[key]);
  return kept;
}

function contains(run: Run, field: Value, text: string): boolean {
  if (typeof field !== "string") return false;
  chargeSearch(run, field.length, text.length);
  return field.includes(text);
}

function isBlank(run: Run, value: Value): boolean {
  if (value === null || value === undefined || value === "") return true;
  return isObject(value) && ownKeys(run, value).length === 0;
}

function urlQuery(run: Run, value: ValueObject): string {
  let text = "";
  for (const key of keysOf(run, value)) {
    const field = value[key];
    const shown =
      isObject(field) || Array.isArray(field) ? (toJsonText(run, field) ?? "") : toText(run, field);
    charge(run, (key.length + shown.length) >>> 2);
    const pair = `${encode(key)}=${encode(shown)}`;
    growText(run, text.length + pair.length + 1, pair.length + 1);
    text = text === "" ? pair : `${text}&${pair}`;
  }
  return text;
}

/** As forms are sent: blanks as +. Lone surrogates, which the host refuses, become U+FFFD. */
function encode(text: string): string {
  const wellFormed = text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    "\ufffd",
  );
  return encodeURIComponent(wellFormed).replaceAll("%20", "+");
}

export const objectMethods = methodTable<ValueObject>({
  isEmpty: method<ValueObject>(
    "isEmpty()",
    "True when it has no fields.",
    (run, self) => ownKeys(run, self).length === 0,
  ),
  isNotEmpty: method<ValueObject>(
    "isNotEmpty()",
    "True when it has a field.",
    (run, self) => ownKeys(run, self).length > 0,
  ),
  keys: method<ValueObject>("keys()", "The names of its fields.", (run, self) =>
    madeList(run, keysOf(run, self)),
  ),
  values: method<ValueObject>("values()", "The values of its fields.", (run, self) => {
    const keys = keysOf(run, self);
    // Reading a key of a large object costs more than listing it.
    charge(run, keys.length * 2);
    return madeList(
      run,
      keys.map((key) => self[key]),
    );
  }),
  hasField: method<ValueObject>("hasField(name)", "True when it has this field.", (run, self, [name]) =>
    Object.hasOwn(self, toKey(run, name)),
  ),
  hasOwnProperty: method<ValueObject>(
    "hasOwnProperty(name)",
    "True when it has this field.",
    (run, self, [name]) => Object.hasOwn(self, toKey(run, name)),
  ),
  removeField: method<ValueObject>("removeField(name)", "A copy without this field.", (run, self, [name]) => {
    const removed = toKey(run, name);
    return keep(run, self, (key) => key !== removed);
  }),
  removeFieldsContaining: method<ValueObject>(
    "removeFieldsContaining(text)",
    "A copy without the fields whose text contains this.",
    (run, self, [text]) => {
      const needle = toText(run, text);
      return keep(run, self, (_key, field) => !contains(run, field, needle));
    },
  ),
  keepFieldsContaining: method<ValueObject>(
    "keepFieldsContaining(text)",
    "A copy with only the fields whose text contains this.",
    (run, self, [text]) => {
      const needle = toText(run, text);
      return keep(run, self, (_key, field) => contains(run, field, needle));
    },
  ),
  compact: method<ValueObject>(
    "compact()",
    "A copy without null, undefined, empty texts and empty objects.",
    (run, self) => keep(run, self, (_key, field) => !isBlank(run, field)),
  ),
  merge: method<ValueObject>(
    "merge(other)",
    "A copy with the fields of the other added; those it already has stay.",
    (run, self, [other]) => mergeAll(run, [other, self]),
  ),
  urlEncode: method<ValueObject>("urlEncode()", "As the query of a web address: a=1&b=2.", (run, self) =>
    urlQuery(run, self),
  ),
  toJsonString: method<ValueObject>("toJsonString()", "The object as JSON text.", (run, self) =>
    toJsonText(run, self),
  ),
  toString: method<ValueObject>(
    "toString()",
    "[object Object]; use toJsonString() to see the data.",
    () => "[object Object]",
  ),
  valueOf: method<ValueObject>("valueOf()", "The object itself.", (_run, self) => self),
});
