// Running a compiled template once: a fresh budget, the closures, and the walk of the result.
// Invariant: nothing but ExpressionError leaves here.
import type { Expression, Super } from "acorn";
import { toText } from "./convert.ts";
import type { Evaluate, Frame } from "./functions.ts";
import { toJsonText } from "./jsonText.ts";
import { LIMITS } from "./limits.ts";
import { ExpressionError } from "./problem.ts";
import { toResult } from "./result.ts";
import { fail, growText, limitError, type Run } from "./run.ts";
import type { EvaluationScope, Json } from "./scope.ts";
import { Opaque, type Value } from "./values.ts";

export type Plan = { readonly source: string; readonly lenient: boolean; readonly changesLists: boolean };

export function newRun(plan: Plan, scope: EvaluationScope): Run {
  return {
    scope,
    source: plan.source,
    lenient: plan.lenient,
    workLeft: LIMITS.work,
    memoryLeft: LIMITS.memory,
    depth: 0,
    levels: 0,
    site: { start: 0, end: plan.source.length, name: "the expression" },
    madeLists: plan.changesLists ? new WeakSet() : null,
    random: null,
    shown: null,
    views: null,
  };
}

/** A field that is exactly one hole keeps the type of its value. */
export function evaluateSingle(
  plan: Plan,
  evaluate: Evaluate,
  isPath: boolean,
  scope: EvaluationScope,
): Json | undefined {
  const run = newRun(plan, scope);
  try {
    const value = evaluate({ run, slots: [], parent: null });
    // A plain path gives a piece of the input, which is plain JSON already: no walk, whatever its size.
    if (isPath && !(value instanceof Opaque)) return value as Json | undefined;
    if (typeof value === "string") return value;
    run.site = { start: 0, end: plan.source.length, name: "the result" };
    return toResult(run, value);
  } catch (error) {
    throw known(run, error);
  }
}

/** Otherwise the parts join as text. */
export function evaluateParts(
  plan: Plan,
  parts: readonly (string | Evaluate)[],
  scope: EvaluationScope,
): string {
  const run = newRun(plan, scope);
  const frame: Frame = { run, slots: [], parent: null };
  try {
    let text = "";
    for (const part of parts) {
      const next = typeof part === "string" ? part : partText(run, part(frame));
      growText(run, text.length + next.length, next.length);
      text += next;
    }
    return text;
  } catch (error) {
    throw known(run, error);
  }
}

function partText(run: Run, value: Value): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  if (!(value instanceof Opaque)) return toJsonText(run, value) ?? "";
  const data = value.data(run);
  if (data !== undefined) return typeof data === "object" ? (toJsonText(run, data) ?? "") : toText(run, data);
  throw fail(
    run,
    "NOT_DATA",
    `A ${value.kind} cannot be written as text.`,
    "Call it, or read a value from it.",
  );
}

function known(run: Run, error: unknown): ExpressionError {
  if (error instanceof ExpressionError) return error;
  // The host ran out of stack: our own bounds should be reached first, but the host may start us deep inside.
  if (error instanceof RangeError) return limitError(run, "LIMIT_DEPTH", "stackLevels", LIMITS.stackLevels);
  return fail(
    run,
    "INTERNAL",
    "This expression found a fault in the expression language.",
    "Please report it.",
  );
}

/** `$json.a.b[0]`: only reads, no call, nothing made. */
export function isPathOnly(node: Expression | Super): boolean {
  switch (node.type) {
    case "Identifier":
      return node.name === "$json" || node.name === "$vars";
    case "ParenthesizedExpression":
    case "ChainExpression":
      return isPathOnly(node.expression);
    case "MemberExpression":
      return isPathOnly(node.object);
    default:
      return false;
  }
}
