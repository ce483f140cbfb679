// A pattern as a value: `/a+/.test(text)`, `text.match(/a+/g)`.
// Unlike in JavaScript it keeps no place between calls: test and exec always start at the beginning.
import { toText } from "../convert.ts";
import { charge, fail, madeList, type Run } from "../run.ts";
import {
  type MethodTable,
  method,
  methodTable,
  Opaque,
  setOwn,
  type Value,
  type ValueObject,
} from "../values.ts";
import { keepFacts } from "./matchFacts.ts";
import { compilePattern, type Pattern, WEIGHT_MAX } from "./pattern.ts";
import { type Match, searchIn } from "./search.ts";
import { judge } from "./translate.ts";

export class RegexValue extends Opaque {
  readonly kind = "pattern";
  readonly pattern: Pattern;

  constructor(pattern: Pattern) {
    super();
    this.pattern = pattern;
  }
  override methodTable(): MethodTable<never> {
    return regexMethods;
  }
  override read(_run: Run, key: string): Value {
    if (key === "source") return this.pattern.source;
    if (key === "flags") return this.pattern.flags;
    return key === "global" ? this.pattern.isGlobal : undefined;
  }
  override text(): string {
    return `/${this.pattern.source}/${this.pattern.flags}`;
  }
}

export const regexMethods = methodTable<RegexValue>({
  test: method("test(text)", "True when the pattern is found in the text.", (run, self, [text]) => {
    return searchIn(run, self.pattern, toText(run, text))(0) !== null;
  }),
  exec: method("exec(text)", "The first match with its groups, or null.", (run, self, [text]) => {
    const match = searchIn(run, self.pattern, toText(run, text))(0);
    return match === null ? null : matchValue(run, self.pattern, match);
  }),
  toString: method("toString()", "The pattern as text.", (_run, self) => self.text()),
});

/** A match is a list of its groups; its index and named groups are kept beside it. */
export function matchValue(run: Run, pattern: Pattern, match: Match): Value {
  const list = madeList(run, [...match.groups]);
  keepFacts(list, { index: match.index, groups: namedGroups(pattern, match) });
  return list;
}

export function namedGroups(pattern: Pattern | null, match: Match): ValueObject | undefined {
  let named: ValueObject | undefined;
  pattern?.judged.groupNames.forEach((name, i) => {
    if (name === undefined) return;
    named ??= {};
    setOwn(named, name, match.groups[i]);
  });
  return named;
}

/** A pattern, or a text used as one (`text.match("a+")`). */
export function patternOf(run: Run, value: Value, flags = ""): Pattern {
  if (value instanceof RegexValue) return value.pattern;
  const source = value === undefined ? "(?:)" : toText(run, value);
  if (source.length > 1000)
    throw fail(run, "UNSAFE_PATTERN", "This pattern is too long.", "Use includes() to search for text.");
  // Making a pattern costs about as much as a hundred calls, and its repeats are written out.
  const judged = judge(source, flags);
  charge(run, 100 + source.length + (judged.ok ? Math.min(judged.weight, WEIGHT_MAX) * 4 : 0));
  const compiled = compilePattern(source, flags);
  if (compiled.ok) return compiled.pattern;
  throw fail(run, "UNSAFE_PATTERN", compiled.message, compiled.hint);
}
