// Methods of numbers: JavaScript's and the helpers n8n users know.
import { toInteger, toText } from "../convert.ts";
import { formatNumber } from "../format.ts";
import { hostCall } from "../hostCall.ts";
import { fail, type Run } from "../run.ts";
import { dateTimeFromNumber } from "../time/create.ts";
import { method, methodTable, type Value } from "../values.ts";

function rounded(run: Run, number: number, decimals: Value): number {
  const places = toInteger(run, decimals, 0);
  if (places === 0 || !Number.isFinite(number)) return Math.round(number);
  // Shifting the decimal text avoids 1.005 * 100 = 100.49999999999999.
  const [digits = "0", exponent = "0"] = String(number).split("e");
  const shifted = Math.round(Number(`${digits}e${Number(exponent) + places}`));
  const [result = "0", power = "0"] = String(shifted).split("e");
  return Number(`${result}e${Number(power) - places}`);
}

function whole(run: Run, number: number): number {
  if (Number.isInteger(number)) return number;
  throw fail(run, "BAD_ARGUMENT", `${run.site.name} needs a whole number.`, "Use round() first.");
}

const javascript = {
  toFixed: method<number>("toFixed(decimals)", "As text with this many decimals.", (run, self, [digits]) =>
    hostCall(run, () => self.toFixed(toInteger(run, digits, 0))),
  ),
  toPrecision: method<number>(
    "toPrecision(digits)",
    "As text with this many digits.",
    (run, self, [digits]) =>
      hostCall(run, () =>
        digits === undefined ? String(self) : self.toPrecision(toInteger(run, digits, 0)),
      ),
  ),
  toExponential: method<number>("toExponential(digits)", "As text like 1.5e+3.", (run, self, [digits]) =>
    hostCall(run, () =>
      digits === undefined ? self.toExponential() : self.toExponential(toInteger(run, digits, 0)),
    ),
  ),
  toString: method<number>("toString(base)", "As text, in another base if given.", (run, self, [base]) =>
    hostCall(run, () => self.toString(toInteger(run, base, 10))),
  ),
  toLocaleString: method<number>(
    "toLocaleString(locale, options)",
    "As text the way people of a place write it.",
    (run, self, [locale, options]) => formatNumber(run, self, locale, options),
  ),
  valueOf: method<number>("valueOf()", "The number itself.", (_run, self) => self),
};

const helpers = {
  round: method<number>("round(decimals)", "Rounded to this many decimals.", (run, self, [decimals]) =>
    rounded(run, self, decimals),
  ),
  floor: method<number>("floor()", "The next whole number below.", (_run, self) => Math.floor(self)),
  ceil: method<number>("ceil()", "The next whole number above.", (_run, self) => Math.ceil(self)),
  abs: method<number>("abs()", "Without sign.", (_run, self) => Math.abs(self)),
  isEven: method<number>("isEven()", "True for 0, 2, 4, …", (run, self) => whole(run, self) % 2 === 0),
  isOdd: method<number>(
    "isOdd()",
    "True for 1, 3, 5, …",
    (run, self) => Math.abs(whole(run, self) % 2) === 1,
  ),
  isInteger: method<number>("isInteger()", "True for a whole number.", (_run, self) =>
    Number.isInteger(self),
  ),
  isEmpty: method<number>("isEmpty()", "Never: a number is a value.", () => false),
  isNotEmpty: method<number>("isNotEmpty()", "Always: a number is a value.", () => true),
  format: method<number>(
    "format(locale, options)",
    "As text the way people of a place write it.",
    (run, self, [locale, options]) => formatNumber(run, self, locale, options),
  ),
  toInt: method<number>("toInt()", "Without decimals.", (_run, self) => Math.trunc(self)),
  toFloat: method<number>("toFloat()", "The number itself.", (_run, self) => self),
  toNumber: method<number>("toNumber()", "The number itself.", (_run, self) => self),
  toBoolean: method<number>(
    "toBoolean()",
    "False for 0, true otherwise.",
    (_run, self) => self !== 0 && !Number.isNaN(self),
  ),
  toDateTime: method<number>(
    "toDateTime(unit)",
    "The moment this many ms (or s, us, excel days) after its start.",
    (run, self, [unit]) => dateTimeFromNumber(run, self, unit === undefined ? "ms" : toText(run, unit)),
  ),
  toJsonString: method<number>("toJsonString()", "The number as JSON text.", (_run, self) =>
    Number.isFinite(self) ? String(self) : "null",
  ),
};

export const numberMethods = methodTable<number>(javascript, helpers);
