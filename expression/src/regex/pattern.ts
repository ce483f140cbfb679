// A pattern ready for use. Literals are compiled with the expression, texts used as patterns at the call.
import { RE2JS } from "re2js";
import { type Judged, judge, type Refused } from "./translate.ts";

export type Pattern = {
  readonly source: string;
  readonly flags: string;
  readonly isGlobal: boolean;
  readonly judged: Judged;
  /** The host's engine, always with the g flag so that a search can start anywhere; null when it is not safe. */
  readonly native: RegExp | null;
  /** Made on first use: most patterns never meet a long text. */
  re2: RE2JS | null;
};

/** Larger patterns would take re2 longer to prepare than to run. */
export const WEIGHT_MAX = 4000;

const TOO_COMPLEX: Refused = {
  ok: false,
  message: "This pattern is too complex to run safely.",
  hint: "Use a Code step for this pattern.",
};

const HINT = "Check the pattern, or use a Code step.";

export function compilePattern(source: string, flags: string): { ok: true; pattern: Pattern } | Refused {
  if (!/^[dgimsu]*$/.test(flags)) {
    return {
      ok: false,
      message: `The pattern flags "${flags}" cannot be used here.`,
      hint: "Use only g, i, m, s and u.",
    };
  }
  let native: RegExp;
  try {
    native = new RegExp(source, flags.includes("g") ? flags : `${flags}g`);
  } catch {
    return { ok: false, message: "This is not a valid pattern.", hint: HINT };
  }
  const judged = judge(source, flags);
  if (!judged.ok) return judged;
  if (judged.weight > WEIGHT_MAX) return TOO_COMPLEX;
  const pattern: Pattern = {
    source,
    flags,
    isGlobal: flags.includes("g"),
    judged,
    native: judged.isSimple ? native : null,
    re2: null,
  };
  if (!judged.isSimple && re2Of(pattern) === null) {
    return TOO_COMPLEX;
  }
  return { ok: true, pattern };
}

/** null when re2 refuses the pattern, for example because its repeats multiply too far. */
export function re2Of(pattern: Pattern): RE2JS | null {
  if (pattern.re2 !== null) return pattern.re2;
  let flags = 0;
  if (pattern.flags.includes("i")) flags |= RE2JS.CASE_INSENSITIVE;
  if (pattern.flags.includes("m")) flags |= RE2JS.MULTILINE;
  try {
    pattern.re2 = RE2JS.compile(pattern.judged.re2, flags);
  } catch {
    return null;
  }
  return pattern.re2;
}
