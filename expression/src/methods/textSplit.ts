// `text.split(…)` by text or pattern.
import { toInteger, toText } from "../convert.ts";
import type { Pattern } from "../regex/pattern.ts";
import { RegexValue } from "../regex/regexValue.ts";
import { eachMatch, searchIn } from "../regex/search.ts";
import { chargeSearch, madeList, type Run, reserveList } from "../run.ts";
import type { Value } from "../values.ts";

export function splitText(run: Run, text: string, separator: Value, limit: Value): Value {
  const most = limit === undefined ? 0xffffffff : toInteger(run, limit, 0) >>> 0;
  if (separator === undefined) return madeList(run, most === 0 ? [] : [text]);
  if (separator instanceof RegexValue) {
    const parts = splitByPattern(run, text, separator.pattern);
    return madeList(run, parts.length > most ? parts.slice(0, most) : parts);
  }
  const by = toText(run, separator);
  if (by === "") reserveList(run, Math.min(text.length, most));
  else chargeSearch(run, text.length, by.length);
  const parts = text.split(by, most);
  if (by !== "") reserveList(run, parts.length);
  return madeList(run, parts);
}

function splitByPattern(run: Run, text: string, pattern: Pattern): Value[] {
  if (text === "") return searchIn(run, pattern, text)(0) === null ? [""] : [];
  const parts: Value[] = [];
  let last = 0;
  eachMatch(run, pattern, text, (match) => {
    if (match.index >= text.length) return false;
    // An empty match directly behind the last part separates nothing.
    if (match.end === match.index && match.end === last) return true;
    parts.push(text.slice(last, match.index), ...match.groups.slice(1));
    last = match.end;
    return true;
  });
  parts.push(text.slice(last));
  reserveList(run, parts.length);
  return parts;
}
