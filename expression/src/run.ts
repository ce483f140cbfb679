// The state of one evaluation: what it may see and what it may still spend.
// Invariant: every helper that loops or builds calls charge/allocate before doing so, so limits are hit
// before the work is done, at the same place on every machine.
import { ELEMENT_BYTES, KEY_BYTES, KEY_WORK, LIMITS, LIST_BYTES, OBJECT_BYTES } from "./limits.ts";
import { ExpressionError, problemAt } from "./problem.ts";
import type { EvaluationScope, Item, NodeView } from "./scope.ts";
import type { Value } from "./values.ts";

/** Where we are: the innermost call, for positions and for naming it in limit errors. */
export type Site = { readonly start: number; readonly end: number; readonly name: string };

export type Run = {
  readonly scope: EvaluationScope;
  readonly source: string;
  readonly lenient: boolean;
  workLeft: number;
  memoryLeft: number;
  depth: number;
  levels: number;
  site: Site;
  /** Lists made in this evaluation; only kept when the expression calls push or the like. */
  readonly madeLists: WeakSet<Value[]> | null;
  random: (() => number) | null;
  /** Items as shown to the expression, built on first use. */
  shown: Map<readonly Item[], Value[]> | null;
  views: Map<string, NodeView> | null;
};

// Written so that NaN and negative amounts are refused too: one NaN would switch the limit off for good.
export function charge(run: Run, units: number): void {
  run.workLeft -= units;
  if (!(units >= 0 && run.workLeft >= 0)) throw limitError(run, "LIMIT_WORK", "work", LIMITS.work);
}

export function allocate(run: Run, bytes: number): void {
  run.memoryLeft -= bytes;
  if (!(bytes >= 0 && run.memoryLeft >= 0)) throw limitError(run, "LIMIT_MEMORY", "memory", LIMITS.memory);
}

/** Reading a text once. Short texts are free: the call they are part of was charged. */
export function chargeText(run: Run, length: number): void {
  if (length >= 16) charge(run, length >>> 4);
}

/** Searching one text for another may take length × needle steps in the host. */
export function chargeSearch(run: Run, length: number, needle: number): void {
  charge(run, Math.ceil(Math.max(length / 16, (length * needle) / 256)));
}

/** Call before making a text of this length. */
export function reserveText(run: Run, length: number): void {
  if (length > LIMITS.textLength) throw limitError(run, "LIMIT_TEXT", "textLength", LIMITS.textLength);
  chargeText(run, length);
  allocate(run, length);
}

/** Call before adding a piece to a text that then has `length`; only the piece is paid for. */
export function growText(run: Run, length: number, piece: number): void {
  if (length > LIMITS.textLength) throw limitError(run, "LIMIT_TEXT", "textLength", LIMITS.textLength);
  chargeText(run, piece);
  allocate(run, piece);
}

export function madeText(run: Run, text: string): string {
  reserveText(run, text.length);
  return text;
}

/** Call before making a list of this length. */
export function reserveList(run: Run, length: number): void {
  charge(run, length);
  allocate(run, LIST_BYTES + length * ELEMENT_BYTES);
}

export function reserveKeys(run: Run, count: number): void {
  charge(run, count * KEY_WORK);
  allocate(run, OBJECT_BYTES + count * KEY_BYTES);
}

/** The own keys of an object. Listing them takes time even when only their number is wanted. */
export function ownKeys(run: Run, value: object): string[] {
  const keys = Object.keys(value);
  charge(run, keys.length);
  return keys;
}

/** Marks a list as ours, so that push may change it. */
export function madeList(run: Run, list: Value[]): Value[] {
  if (run.madeLists !== null) run.madeLists.add(list);
  return list;
}

// Making an error costs the host far more than a call, and an expression may catch it and go on.
const ERROR_WORK = 60;

export function fail(run: Run, code: string, message: string, hint: string): ExpressionError {
  // Finding the line walks the source.
  charge(run, ERROR_WORK + (run.source.length >>> 6));
  return new ExpressionError(problemAt(run.source, run.site, code, message, hint));
}

const LIMIT_TEXTS: { [name: string]: [what: string, hint: string] } = {
  work: ["does too much work", "Work on fewer items at once, or use a Code step."],
  memory: ["builds too much data", "Build less at once, or use a Code step."],
  textLength: ["makes a text that is too long", "Keep texts below one megabyte, or use a file."],
  callDepth: ["calls functions too deeply", "A function that calls itself belongs in a Code step."],
  stackLevels: ["calls functions too deeply", "A function that calls itself belongs in a Code step."],
  dataLevels: ["builds data nested too deeply", "Flatten the data, or use a Code step."],
  resultBytes: ["gives a result that is too large", "Return less data, or use a file."],
};

export function limitError(run: Run, code: string, name: string, allowed: number): ExpressionError {
  const [what, hint] = LIMIT_TEXTS[name] ?? ["reaches a limit", "Use a Code step."];
  const message = `The expression ${what} in ${run.site.name} (limit: ${allowed.toLocaleString("en-US")}).`;
  return new ExpressionError(problemAt(run.source, run.site, code, message, hint), { name, allowed });
}

/** Limits end the evaluation: an expression's own try/catch must not swallow them. */
export function isLimit(error: unknown): boolean {
  return !(error instanceof ExpressionError) || error.limit !== undefined;
}
