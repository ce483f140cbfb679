// What was found wrong in a story. The three kinds are the three promises of the engine: nothing accepted is lost,
// nothing is done twice, nothing happens that the rules forbid.

export type ViolationKind = "lost" | "duplicated" | "illegal";
export type Violation = { kind: ViolationKind; rule: string; message: string };

export type Verdict = {
  violations: Violation[];
  lost(rule: string, message: string): void;
  duplicated(rule: string, message: string): void;
  illegal(rule: string, message: string): void;
};

/** Enough to understand; a broken engine would fill pages. */
const KEPT_MAX = 20;

export function createVerdict(onFound: (violation: Violation) => void): Verdict {
  const violations: Violation[] = [];
  const found =
    (kind: ViolationKind) =>
    (rule: string, message: string): void => {
      const violation = { kind, rule, message };
      if (violations.length < KEPT_MAX) violations.push(violation);
      onFound(violation);
    };
  return { violations, lost: found("lost"), duplicated: found("duplicated"), illegal: found("illegal") };
}
