// Takes a person out of JSON. What the person is known by is replaced in every text, number and name of a field. With
// `records`, an object of data in which one of the identifiers is a field of its own is taken to be about the person: its
// other plain fields go too. Objects and lists keep their form, so that what reads them still can.
import { ERASED, type Matcher } from "./matcher.ts";

export type Erasing = {
  matcher: Matcher;
  records: boolean;
  /** Texts of the person's records that are told from others': they are looked for in the rest of the execution. */
  learned?: Set<string>;
};
type Value = unknown;

/** What holds data of people inside the facts of a history; everything else there is the engine's own. */
const DATA = new Set([
  "json",
  "data",
  "payload",
  "body",
  "output",
  "input",
  "value",
  "vars",
  "items",
  "reply",
]);

/** The same value when nothing was found. `isData`: it is data from the start, and not the engine's own. */
export function eraseJson({ matcher, records, learned }: Erasing, value: Value, isData: boolean): Value {
  return walk(value, isData);

  function walk(one: Value, inData: boolean): Value {
    if (typeof one === "string") return matcher.erase(one);
    if (typeof one === "number") return matcher.has(String(one)) ? null : one;
    if (one === null || typeof one !== "object") return one;
    if (Array.isArray(one)) return list(one, inData);
    return fields(one as Record<string, Value>, inData);
  }

  function list(values: Value[], inData: boolean): Value {
    let copy: Value[] | undefined;
    for (const [index, one] of values.entries()) {
      const after = walk(one, inData);
      if (after !== one) copy ??= [...values];
      if (copy) copy[index] = after;
    }
    return copy ?? values;
  }

  function fields(object: Record<string, Value>, inData: boolean): Value {
    const isAbout = records && inData && Object.values(object).some(isIdentifier);
    let isChanged = false;
    const copy: [string, Value][] = [];
    for (const [name, one] of Object.entries(object)) {
      const shownName = matcher.erase(name);
      const after = isAbout ? plainErased(one) : walk(one, inData || DATA.has(name));
      isChanged ||= after !== one || shownName !== name;
      copy.push([shownName, after]);
    }
    return isChanged ? Object.fromEntries(copy) : object;
  }

  /** Texts and numbers are the person's; what is below them is looked at as before. */
  function plainErased(one: Value): Value {
    if (typeof one === "string") {
      if (isTelling(one)) learned?.add(one);
      return one === "" ? one : ERASED;
    }
    if (typeof one === "number") return null;
    return walk(one, true);
  }

  function isIdentifier(one: Value): boolean {
    return (typeof one === "string" || typeof one === "number") && matcher.isOne(String(one));
  }
}

/**
 * A street with its number, a number of a customer: no other text of the execution is the same by chance. Words without
 * digits (a city, a state of an order) are, and so are times.
 */
function isTelling(text: string): boolean {
  return text.length >= 6 && text.length <= 300 && /\d/.test(text) && !/^\d{4}-\d\d-\d\d([T ]|$)/.test(text);
}

/** A text that may be JSON: a column, a file. */
export function eraseText(erasing: Erasing, text: string, isData: boolean): string {
  if (!erasing.matcher.maybe(text)) return text;
  const value = parsed(text);
  if (value === undefined) return erasing.matcher.erase(text);
  const after = eraseJson(erasing, value, isData);
  return after === value ? text : JSON.stringify(after);
}

function parsed(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
