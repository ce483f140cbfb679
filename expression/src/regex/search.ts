// Finding matches with whichever engine is safe for this pattern and this text.
// Both engines give the same Match; which one runs depends only on pattern and text length.
import { MatcherInput, type RE2JS } from "re2js";
import { allocate, charge, chargeText, fail, type Run } from "../run.ts";
import { CountedText } from "./countedText.ts";
import { type Pattern, re2Of } from "./pattern.ts";

export type Match = {
  readonly index: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
};

/** Longest text the host's engine may see. */
const NATIVE_LENGTH_MAX = 1024;

export type Search = (from: number) => Match | null;

/** Prepares searching one text; the returned function finds the next match at or after a position. */
export function searchIn(run: Run, pattern: Pattern, text: string): Search {
  if (pattern.native !== null && text.length <= NATIVE_LENGTH_MAX)
    return searchNative(run, pattern, pattern.native, text);
  return searchRe2(run, pattern, text);
}

function searchNative(run: Run, pattern: Pattern, native: RegExp, text: string): Search {
  const { hasRepeat, choices } = pattern.judged;
  chargeText(run, text.length);
  // One repeat tried from every position: at most length² / 2 steps, times the choices.
  if (hasRepeat) charge(run, (text.length * text.length * choices) >>> 9);
  return (from) => {
    native.lastIndex = from;
    const found = native.exec(text);
    if (found === null) return null;
    return makeMatch(run, found.index, found.index + found[0].length, [...found]);
  };
}

function searchRe2(run: Run, pattern: Pattern, text: string): Search {
  const re2 = re2Of(pattern);
  if (re2 === null) {
    throw fail(
      run,
      "UNSAFE_PATTERN",
      "This pattern cannot be used on a long text.",
      "Use a Code step for this pattern.",
    );
  }
  chargeText(run, text.length);
  const matcher = re2.matcher(MatcherInput.utf16(new CountedText(run, text, unitsPerLook(re2))));
  const groupCount = matcher.groupCount();
  return (from) => {
    charge(run, 1);
    if (from > text.length || !matcher.find(from)) return null;
    const groups: (string | undefined)[] = [];
    for (let i = 0; i <= groupCount; i++) groups.push(matcher.group(i) ?? undefined);
    return makeMatch(run, matcher.start(), matcher.end(), groups);
  };
}

/** One look may wake every instruction of the pattern; about a microsecond of them per unit. */
function unitsPerLook(re2: RE2JS): number {
  return 0.25 + re2.programSize() / 64;
}

function makeMatch(run: Run, index: number, end: number, groups: (string | undefined)[]): Match {
  charge(run, 1 + (groups.length >> 2));
  allocate(run, 32 + groups.length * 8 + (end - index));
  return { index, end, groups };
}

/** Every match of a pattern, left to right; an empty match moves on by one. */
export function eachMatch(run: Run, pattern: Pattern, text: string, visit: (match: Match) => boolean): void {
  const search = searchIn(run, pattern, text);
  let from = 0;
  while (from <= text.length) {
    const match = search(from);
    if (match === null || !visit(match)) return;
    from = match.end > match.index ? match.end : match.end + 1;
  }
}
