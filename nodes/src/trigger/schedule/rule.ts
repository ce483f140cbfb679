// What the three ways to say when have in common. Times in here are wall times: the milliseconds that a clock on the
// wall of the schedule's zone would show if it were UTC (as in date/zone.ts). Whole seconds; zones come later.

export type RuleProblem = {
  code: string;
  message: string;
  remedy: string;
  /** Character offset within the text of the rule. */
  position?: number;
};

export type WallRule = {
  /** The first wall time strictly after the given one; nothing = never again. */
  next(after: number): number | undefined;
  /** It fires in every hour of a day that it fires on: clock changes then neither need nor want a replacement. */
  everyHour: boolean;
};

/** Whenever one of them does, once. */
export function unionOf(rules: readonly WallRule[]): WallRule {
  const [only, ...others] = rules;
  if (only !== undefined && others.length === 0) return only;
  return {
    next(after) {
      let first: number | undefined;
      for (const rule of rules) {
        const at = rule.next(after);
        if (at !== undefined && (first === undefined || at < first)) first = at;
      }
      return first;
    },
    everyHour: rules.every(({ everyHour }) => everyHour),
  };
}

export type Parsed<Rule> = { ok: true; rule: Rule } | { ok: false; problem: RuleProblem };

export class RuleError extends Error {
  readonly problem: RuleProblem;
  constructor(problem: RuleProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

export function parsed<Rule>(parse: () => Rule): Parsed<Rule> {
  try {
    return { ok: true, rule: parse() };
  } catch (error) {
    if (error instanceof RuleError) return { ok: false, problem: error.problem };
    throw error;
  }
}

export const DAY_MS = 86_400_000;

/** Days in a month (1 to 12). */
export function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
