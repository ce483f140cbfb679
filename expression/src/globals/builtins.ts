// The fixed names of the language, by name, in a null-prototype table. What is not here does not exist.

import { toNumber, toText } from "../convert.ts";
import { hostCall } from "../hostCall.ts";
import { searchJson } from "../jmespath/search.ts";
import { extreme } from "../methods/listHelpers.ts";
import { payForBytes } from "../methods/textHelpers.ts";
import { uuidOf } from "../random.ts";
import { madeText, ownKeys, type Run } from "../run.ts";
import { dateStatics, JsDateValue, makeJsDate } from "../time/jsDate.ts";
import { Builtin, type BuiltinParts, isObject, type Value } from "../values.ts";
import { arrayParts, floatOf, intOf, jsonParts, numberParts, objectParts, stringParts } from "./data.ts";
import { dateTimeParts, durationParts } from "./dateTime.ts";
import { mathParts, numbersOf } from "./math.ts";

function coded(signature: string, doc: string, code: (text: string) => string): BuiltinParts {
  return {
    signature,
    doc,
    call: (run, _self, [value]) => {
      const text = toText(run, value);
      payForBytes(run, text);
      return madeText(
        run,
        hostCall(run, () => code(text)),
      );
    },
  };
}

function isBlank(run: Run, value: Value): boolean {
  if (value === null || value === undefined || value === "" || Number.isNaN(value)) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isObject(value)) return false;
  return ownKeys(run, value).length === 0;
}

/** One list, or the numbers themselves. */
function spreadNumbers(run: Run, args: Value[]): number[] {
  const [only] = args;
  return numbersOf(run, args.length === 1 && Array.isArray(only) ? only : args);
}

function makeError(run: Run, args: Value[]): Value {
  return { name: "Error", message: args.length === 0 ? "" : toText(run, args[0]) };
}

const PARTS: { readonly [name: string]: BuiltinParts } = {
  $if: {
    signature: "$if(condition, then, else)",
    doc: "One of two values.",
    call: (_run, _self, [test, yes, no]) => (test ? yes : no),
  },
  $ifEmpty: {
    signature: "$ifEmpty(value, fallback)",
    doc: "The value, or the fallback when it is missing or empty.",
    call: (run, _self, [value, fallback]) => (isBlank(run, value) ? fallback : value),
  },
  $min: {
    signature: "$min(…numbers)",
    doc: "The smallest number.",
    call: (run, _self, args) => extreme(spreadNumbers(run, args), -1),
  },
  $max: {
    signature: "$max(…numbers)",
    doc: "The largest number.",
    call: (run, _self, args) => extreme(spreadNumbers(run, args), 1),
  },
  $jmespath: {
    signature: "$jmespath(data, query)",
    doc: "Searches data with a JMESPath query.",
    call: (run, _self, [data, query]) => searchJson(run, data, toText(run, query)),
  },
  $uuid: {
    signature: "$uuid()",
    doc: "A random id; the same when evaluated again.",
    call: (run) => uuidOf(run),
  },
  Math: mathParts,
  JSON: jsonParts,
  Object: objectParts,
  Array: arrayParts,
  String: stringParts,
  Number: numberParts,
  Boolean: {
    signature: "Boolean(value)",
    doc: "True or false.",
    call: (_run, _self, [value]) => Boolean(value),
  },
  Date: {
    signature: "new Date(value)",
    doc: "A JavaScript date in UTC; new Date() is the recorded moment.",
    call: (run) => new JsDateValue(run.scope.nowMs).text(),
    construct: (run, _self, args) => makeJsDate(run, args),
    methods: dateStatics,
  },
  DateTime: dateTimeParts,
  Duration: durationParts,
  Error: {
    signature: "new Error(message)",
    doc: "For throw: an error with a message.",
    call: (run, _self, args) => makeError(run, args),
    construct: (run, _self, args) => makeError(run, args),
  },
  parseInt: {
    signature: "parseInt(text, base)",
    doc: "The whole number at the start of a text.",
    call: (run, _self, [value, base]) => intOf(run, value, base),
  },
  parseFloat: {
    signature: "parseFloat(text)",
    doc: "The number at the start of a text.",
    call: (run, _self, [value]) => floatOf(run, value),
  },
  isNaN: {
    signature: "isNaN(value)",
    doc: "True when the value is no number.",
    call: (run, _self, [value]) => Number.isNaN(toNumber(run, value)),
  },
  isFinite: {
    signature: "isFinite(value)",
    doc: "True for a number that is not infinite.",
    call: (run, _self, [value]) => Number.isFinite(toNumber(run, value)),
  },
  encodeURIComponent: coded(
    "encodeURIComponent(text)",
    "Safe as a part of a web address.",
    encodeURIComponent,
  ),
  decodeURIComponent: coded("decodeURIComponent(text)", "The reverse.", decodeURIComponent),
  encodeURI: coded("encodeURI(text)", "A whole web address made safe.", encodeURI),
  decodeURI: coded("decodeURI(text)", "The reverse.", decodeURI),
};

export const builtins: { readonly [name: string]: Builtin | undefined } = Object.freeze(
  Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(PARTS).map(([name, parts]) => [name, new Builtin(name, parts)])),
  ),
);
