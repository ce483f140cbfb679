// The methods JavaScript has on texts. Searching and building are paid for before they happen.
import { toInteger, toText } from "../convert.ts";
import { hostCall } from "../hostCall.ts";
import { matchValue, patternOf } from "../regex/regexValue.ts";
import { replaceIn } from "../regex/replace.ts";
import { eachMatch, searchIn } from "../regex/search.ts";
import { charge, chargeSearch, chargeText, madeList, madeText, type Run, reserveText } from "../run.ts";
import { method, methodTable, type Value } from "../values.ts";
import { textCaseHelpers } from "./textCase.ts";
import { textHelpers } from "./textHelpers.ts";
import { splitText } from "./textSplit.ts";

function needleIn(run: Run, self: string, value: Value): string {
  const needle = toText(run, value);
  chargeSearch(run, self.length, needle.length);
  return needle;
}

function padding(run: Run, self: string, args: Value[]): [length: number, filler: string] {
  const length = toInteger(run, args[0], 0);
  const filler = args[1] === undefined ? " " : toText(run, args[1]);
  reserveText(run, Math.max(self.length, length));
  return [length, filler];
}

/** Reading blanks takes time even when nothing is left of them. */
function trimmed(run: Run, self: string, side: "trim" | "trimStart" | "trimEnd"): string {
  chargeText(run, self.length);
  return madeText(run, self[side]());
}

const collator = new Intl.Collator("en");

const finding = {
  includes: method<string>(
    "includes(text)",
    "True when the text occurs in it.",
    (run, self, [needle, from]) => self.includes(needleIn(run, self, needle), toInteger(run, from, 0)),
  ),
  indexOf: method<string>("indexOf(text)", "Position of the text, or -1.", (run, self, [needle, from]) =>
    self.indexOf(needleIn(run, self, needle), toInteger(run, from, 0)),
  ),
  lastIndexOf: method<string>(
    "lastIndexOf(text)",
    "Last position of the text, or -1.",
    (run, self, [needle, from]) =>
      self.lastIndexOf(
        needleIn(run, self, needle),
        from === undefined ? Number.POSITIVE_INFINITY : toInteger(run, from, 0),
      ),
  ),
  startsWith: method<string>(
    "startsWith(text)",
    "True when it begins with the text.",
    (run, self, [needle, from]) => self.startsWith(needleIn(run, self, needle), toInteger(run, from, 0)),
  ),
  endsWith: method<string>("endsWith(text)", "True when it ends with the text.", (run, self, [needle, end]) =>
    self.endsWith(needleIn(run, self, needle), toInteger(run, end, self.length)),
  ),
  match: method<string>(
    "match(pattern)",
    "The first match, or with g the list of all matches; null if none.",
    (run, self, [value]) => {
      const pattern = patternOf(run, value);
      if (!pattern.isGlobal) {
        const match = searchIn(run, pattern, self)(0);
        return match === null ? null : matchValue(run, pattern, match);
      }
      const found: Value[] = [];
      eachMatch(run, pattern, self, (match) => found.push(match.groups[0]) > 0);
      return found.length === 0 ? null : madeList(run, found);
    },
  ),
  matchAll: method<string>(
    "matchAll(pattern)",
    "All matches with their groups, as a list.",
    (run, self, [value]) => {
      const pattern = patternOf(run, value, "g");
      const found: Value[] = [];
      eachMatch(run, pattern, self, (match) => found.push(matchValue(run, pattern, match)) > 0);
      return madeList(run, found);
    },
  ),
  search: method<string>("search(pattern)", "Position of the first match, or -1.", (run, self, [value]) => {
    return searchIn(run, patternOf(run, value), self)(0)?.index ?? -1;
  }),
  localeCompare: method<string>(
    "localeCompare(other)",
    "Order of two texts: -1, 0 or 1.",
    (run, self, [other]) => {
      const text = toText(run, other);
      chargeText(run, (self.length + text.length) * 8);
      return collator.compare(self, text);
    },
  ),
};

const changing = {
  replace: method<string>(
    "replace(what, by)",
    "The first occurrence (or, with /…/g, all) replaced.",
    (run, self, [what, by]) => replaceIn(run, self, what, by, false),
  ),
  replaceAll: method<string>("replaceAll(what, by)", "All occurrences replaced.", (run, self, [what, by]) =>
    replaceIn(run, self, what, by, true),
  ),
  split: method<string>(
    "split(separator)",
    "The parts between the separators.",
    (run, self, [separator, limit]) => splitText(run, self, separator, limit),
  ),
  toUpperCase: method<string>("toUpperCase()", "In capital letters.", (run, self) =>
    madeText(run, self.toUpperCase()),
  ),
  toLowerCase: method<string>("toLowerCase()", "In small letters.", (run, self) =>
    madeText(run, self.toLowerCase()),
  ),
  toLocaleUpperCase: method<string>("toLocaleUpperCase()", "In capital letters.", (run, self) =>
    madeText(run, self.toUpperCase()),
  ),
  toLocaleLowerCase: method<string>("toLocaleLowerCase()", "In small letters.", (run, self) =>
    madeText(run, self.toLowerCase()),
  ),
  trim: method<string>("trim()", "Without blanks at both ends.", (run, self) => trimmed(run, self, "trim")),
  trimStart: method<string>("trimStart()", "Without blanks at the start.", (run, self) =>
    trimmed(run, self, "trimStart"),
  ),
  trimEnd: method<string>("trimEnd()", "Without blanks at the end.", (run, self) =>
    trimmed(run, self, "trimEnd"),
  ),
  padStart: method<string>(
    "padStart(length, filler)",
    "Filled up at the start to this length.",
    (run, self, args) => {
      return self.padStart(...padding(run, self, args));
    },
  ),
  padEnd: method<string>(
    "padEnd(length, filler)",
    "Filled up at the end to this length.",
    (run, self, args) => {
      return self.padEnd(...padding(run, self, args));
    },
  ),
  repeat: method<string>("repeat(count)", "The text several times.", (run, self, [count]) => {
    const times = toInteger(run, count, 0);
    if (times > 0 && self !== "") reserveText(run, self.length * times);
    // The host multiplies before it looks at the length of an empty text.
    return self === "" && times >= 0 ? "" : hostCall(run, () => self.repeat(times));
  }),
  concat: method<string>("concat(…texts)", "The texts one after the other.", (run, self, args) => {
    let text = self;
    for (const arg of args) text = madeText(run, text + toText(run, arg));
    return text;
  }),
  normalize: method<string>(
    "normalize(form)",
    "The same letters written in one way (NFC, NFD, NFKC, NFKD).",
    (run, self, [form]) => {
      charge(run, self.length >>> 2);
      return madeText(
        run,
        hostCall(run, () => self.normalize(form === undefined ? "NFC" : toText(run, form))),
      );
    },
  ),
};

const taking = {
  slice: method<string>(
    "slice(start, end)",
    "The part from start up to end; negative counts from the end.",
    (run, self, [start, end]) =>
      madeText(run, self.slice(toInteger(run, start, 0), toInteger(run, end, self.length))),
  ),
  substring: method<string>(
    "substring(start, end)",
    "The part from start up to end.",
    (run, self, [start, end]) =>
      madeText(run, self.substring(toInteger(run, start, 0), toInteger(run, end, self.length))),
  ),
  substr: method<string>("substr(start, length)", "A part of this length.", (run, self, [start, length]) => {
    const from = toInteger(run, start, 0);
    const at = from < 0 ? Math.max(0, self.length + from) : from;
    const count = toInteger(run, length, self.length);
    return count <= 0 ? "" : madeText(run, self.slice(at, at + count));
  }),
  at: method<string>(
    "at(index)",
    "The letter at this position; negative counts from the end.",
    (run, self, [index]) => self.at(toInteger(run, index, 0)),
  ),
  charAt: method<string>("charAt(index)", "The letter at this position.", (run, self, [index]) =>
    self.charAt(toInteger(run, index, 0)),
  ),
  charCodeAt: method<string>("charCodeAt(index)", "The number of the letter.", (run, self, [index]) =>
    self.charCodeAt(toInteger(run, index, 0)),
  ),
  codePointAt: method<string>(
    "codePointAt(index)",
    "The number of the letter, also beyond 65535.",
    (run, self, [index]) => self.codePointAt(toInteger(run, index, 0)),
  ),
  toString: method<string>("toString()", "The text itself.", (_run, self) => self),
  valueOf: method<string>("valueOf()", "The text itself.", (_run, self) => self),
};

export const textMethods = methodTable<string>(finding, changing, taking, textHelpers, textCaseHelpers);
