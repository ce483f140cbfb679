// Replacing, for patterns and for plain texts, with `$1`, `$&`, `$<name>` and functions.
// The new text is built piece by piece, each paid for before it is made: `$'` can repeat the whole text.
import { toText } from "../convert.ts";
import { type Callable, call, callableOr, isCallable } from "../functions.ts";
import { charge, chargeSearch, fail, growText, type Run } from "../run.ts";
import type { Value } from "../values.ts";
import type { Pattern } from "./pattern.ts";
import { namedGroups, RegexValue } from "./regexValue.ts";
import { eachMatch, type Match } from "./search.ts";

export function replaceIn(run: Run, text: string, target: Value, replacement: Value, isAll: boolean): string {
  const pattern = target instanceof RegexValue ? target.pattern : null;
  if (isAll && pattern !== null && !pattern.isGlobal) {
    throw fail(run, "BAD_ARGUMENT", "replaceAll() needs a pattern with the g flag.", "Write /pattern/g.");
  }
  const by: Callable | string = isCallable(replacement)
    ? callableOr(run, replacement, "replace()")
    : toText(run, replacement);
  const build: Builder = { run, text, by, pattern, out: "", last: 0 };
  if (pattern !== null) {
    eachMatch(run, pattern, text, (match) => {
      addMatch(build, match);
      return pattern.isGlobal;
    });
  } else {
    replaceText(build, toText(run, target), isAll);
  }
  add(build, text.slice(build.last));
  return build.out;
}

type Builder = {
  readonly run: Run;
  readonly text: string;
  readonly by: Callable | string;
  readonly pattern: Pattern | null;
  out: string;
  last: number;
};

function add(build: Builder, piece: string): void {
  growText(build.run, build.out.length + piece.length, piece.length);
  build.out += piece;
}

function replaceText(build: Builder, needle: string, isAll: boolean): void {
  const { run, text } = build;
  chargeSearch(run, text.length, needle.length);
  let at = text.indexOf(needle);
  while (at !== -1) {
    addMatch(build, { index: at, end: at + needle.length, groups: [needle] });
    if (!isAll) return;
    const next = at + Math.max(1, needle.length);
    charge(run, 1);
    at = next > text.length ? -1 : text.indexOf(needle, next);
  }
}

function addMatch(build: Builder, match: Match): void {
  add(build, build.text.slice(build.last, match.index));
  if (typeof build.by === "string") expand(build, match, build.by);
  else add(build, callReplacer(build, match, build.by));
  build.last = match.end;
}

function callReplacer(build: Builder, match: Match, by: Callable): string {
  const args: Value[] = [...match.groups, match.index, build.text];
  const groups = namedGroups(build.pattern, match);
  if (groups !== undefined) args.push(groups);
  return toText(build.run, call(build.run, by, args));
}

const REFERENCE = /\$(?:(\$)|(&)|(`)|(')|(\d\d?)|<([^>]{1,80})>)/g;

/** Writes the replacement text with its `$` references filled in. */
function expand(build: Builder, match: Match, by: string): void {
  if (!by.includes("$")) return add(build, by);
  let last = 0;
  for (const reference of by.matchAll(REFERENCE)) {
    const found = referred(build, match, reference);
    if (found === undefined) continue;
    charge(build.run, 1);
    add(build, by.slice(last, reference.index));
    add(build, found.text);
    last = reference.index + found.length;
  }
  add(build, by.slice(last));
}

function referred(
  build: Builder,
  match: Match,
  reference: RegExpMatchArray,
): { text: string; length: number } | undefined {
  const [whole, dollar, all, before, after, digits, name] = reference;
  if (dollar) return { text: "$", length: 2 };
  if (all) return { text: match.groups[0] ?? "", length: 2 };
  if (before) return { text: build.text.slice(0, match.index), length: 2 };
  if (after) return { text: build.text.slice(match.end), length: 2 };
  if (digits !== undefined) return numbered(match, digits);
  const names = build.pattern?.judged.groupNames;
  if (name === undefined || !names?.some((known) => known !== undefined)) return undefined;
  return { text: match.groups[names.indexOf(name)] ?? "", length: whole.length };
}

/** Two digits when there are that many groups, otherwise one, otherwise the text stands as it is. */
function numbered(match: Match, digits: string): { text: string; length: number } | undefined {
  const count = match.groups.length - 1;
  const two = Number(digits);
  if (two >= 1 && two <= count) return { text: match.groups[two] ?? "", length: 1 + digits.length };
  const one = Number(digits[0]);
  return one >= 1 && one <= count ? { text: match.groups[one] ?? "", length: 2 } : undefined;
}
