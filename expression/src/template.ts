// Templates: text with {{ holes }}. Compiled once, evaluated often.
// Path: field text → locate holes → parse → closures → evaluate(scope) → plain JSON.

import { type Compiler, CompileStop, newCompiler } from "./compile/compiler.ts";
import { compileExpression as compileNode } from "./compile/expression.ts";
import { evaluateParts, evaluateSingle, isPathOnly } from "./evaluate.ts";
import type { Evaluate } from "./functions.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { parseAt, skipBlanks } from "./parse.ts";
import { type Problem, problemAt } from "./problem.ts";
import type { EvaluationScope, Json } from "./scope.ts";

export type CompileOptions = { mode?: "strict" | "lenient" };

export type Template = {
  source: string;
  nodes: readonly string[];
  isConstant: boolean;
  usesItem: boolean;
  evaluate(scope: EvaluationScope): Json | undefined;
};

export type Compiled = { ok: true; template: Template } | { ok: false; problems: Problem[] };

export type Part = string | Evaluate;

/** A field of a step: text with any number of {{ holes }}. */
export function compileTemplate(source: string, options: CompileOptions = {}): Compiled {
  return compileTemplateWithin(source, options, LIMITS);
}

/** A bare expression without braces. */
export function compileExpression(source: string, options: CompileOptions = {}): Compiled {
  return compileExpressionWithin(source, options, LIMITS);
}

/** For tests of the compiler's own bounds, which the length limit would otherwise hide. */
export function compileTemplateWithin(source: string, options: CompileOptions, limits: Limits): Compiled {
  const c = newCompiler(source, options.mode === "lenient", limits);
  if (!fits(c)) return { ok: false, problems: c.problems };
  const parts: Part[] = [];
  let text = "";
  let at = 0;
  let hasEscape = false;
  let isPath = false;
  while (at < source.length) {
    const open = source.indexOf("{{", at);
    if (open === -1) break;
    if (source[open - 1] === "\\" && open > at) {
      text += `${source.slice(at, open - 1)}{{`;
      at = open + 2;
      hasEscape = true;
      continue;
    }
    text += source.slice(at, open);
    if (text !== "") parts.push(text);
    text = "";
    const hole = compileHole(c, open);
    if (hole === null) return { ok: false, problems: c.problems };
    parts.push(hole.evaluate);
    isPath = hole.isPath;
    at = hole.end;
  }
  text += source.slice(at);
  if (text !== "" || parts.length === 0) parts.push(text);
  return finish(c, parts, hasEscape, isPath);
}

export function compileExpressionWithin(source: string, options: CompileOptions, limits: Limits): Compiled {
  const c = newCompiler(source, options.mode === "lenient", limits);
  if (!fits(c)) return { ok: false, problems: c.problems };
  const parsed = parseAt(source, 0);
  if (!parsed.ok) return { ok: false, problems: [parsed.problem] };
  const end = source[parsed.end] === ";" ? skipBlanks(source, parsed.end + 1) : parsed.end;
  if (end < source.length) return { ok: false, problems: [unexpected(source, end)] };
  const evaluate = compileGuarded(c, parsed.node);
  if (evaluate === null) return { ok: false, problems: c.problems };
  return finish(c, [evaluate], false, isPathOnly(parsed.node));
}

function fits(c: Compiler): boolean {
  if (c.source.length <= c.limits.sourceLength) return true;
  const message = `The text has ${c.source.length} characters; ${c.limits.sourceLength} are allowed.`;
  const hint = "Keep long texts in a file or a variable.";
  c.problems.push(
    problemAt(c.source, { start: c.limits.sourceLength, end: c.source.length }, "TOO_LONG", message, hint),
  );
  return false;
}

type Hole = { evaluate: Evaluate; end: number; isPath: boolean };

function compileHole(c: Compiler, open: number): Hole | null {
  const { source } = c;
  const start = skipBlanks(source, open + 2);
  if (source.startsWith("}}", start)) {
    if (!c.lenient) {
      c.problems.push(
        problemAt(
          source,
          { start: open, end: start + 2 },
          "EMPTY_HOLE",
          "There is nothing between {{ and }}.",
          "Write an expression, for example {{ $json.name }}.",
        ),
      );
    }
    return { evaluate: () => undefined, end: start + 2, isPath: true };
  }
  const parsed = source.indexOf("}}", open) === -1 ? null : parseAt(source, start);
  if (parsed === null || (parsed.ok && parsed.end >= source.length)) {
    const span = { start: open, end: source.length };
    c.problems.push(
      problemAt(
        source,
        span,
        "UNCLOSED_HOLE",
        "{{ is never closed.",
        "Add }} behind the expression, or write \\{{ for plain braces.",
      ),
    );
    return null;
  }
  if (!parsed.ok) {
    c.problems.push(parsed.problem);
    return null;
  }
  const end = source[parsed.end] === ";" ? skipBlanks(source, parsed.end + 1) : parsed.end;
  if (!source.startsWith("}}", end)) {
    c.problems.push(unexpected(source, end));
    return null;
  }
  const evaluate = compileGuarded(c, parsed.node);
  return evaluate && { evaluate, end: end + 2, isPath: isPathOnly(parsed.node) };
}

function unexpected(source: string, at: number): Problem {
  const message = `Unexpected "${source[at] ?? "end"}" behind the expression.`;
  return problemAt(
    source,
    { start: at, end: at + 1 },
    "SYNTAX",
    message,
    "A field holds one expression; end it with }}.",
  );
}

/** null when the source is too large or too deep to go on. */
function compileGuarded(c: Compiler, node: Parameters<typeof compileNode>[1]): Evaluate | null {
  try {
    return compileNode(c, node);
  } catch (error) {
    if (!(error instanceof CompileStop)) throw error;
    return null;
  }
}

function finish(c: Compiler, parts: Part[], hasEscape: boolean, isPath: boolean): Compiled {
  if (c.problems.length > 0) return { ok: false, problems: c.problems };
  const [only] = parts;
  const plan = { source: c.source, lenient: c.lenient, changesLists: c.changesLists };
  const single = parts.length === 1 && typeof only === "function" ? only : null;
  const template: Template = {
    source: c.source,
    nodes: [...c.nodes],
    // With an escape the value differs from the source, so callers may not take the short way.
    isConstant: !hasEscape && parts.length === 1 && single === null,
    usesItem: c.usesItem,
    evaluate:
      single !== null
        ? (scope) => evaluateSingle(plan, single, isPath, scope)
        : (scope) => evaluateParts(plan, parts, scope),
  };
  return { ok: true, template };
}
