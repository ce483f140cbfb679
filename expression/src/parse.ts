// Finds expressions with the JavaScript parser itself, so that `}}` inside a text or an object does not
// end a hole. Acorn only reads; nothing here runs anything.
import { type Expression, type Options, parseExpressionAt } from "acorn";
import { type Problem, problemAt } from "./problem.ts";

// Parentheses are kept as nodes because the end of `(a)` is otherwise lost.
// As a module there are no HTML comments and no octal numbers.
const OPTIONS: Options = { ecmaVersion: 2025, sourceType: "module", preserveParens: true };

export type Parsed = { ok: true; node: Expression; end: number } | { ok: false; problem: Problem };

/** Parses one expression at `start`; `end` is behind it and the blanks and comments that follow. */
export function parseAt(source: string, start: number): Parsed {
  try {
    const node = parseExpressionAt(source, start, OPTIONS);
    return { ok: true, node, end: skipBlanks(source, node.end) };
  } catch (error) {
    return { ok: false, problem: problemOf(source, start, error) };
  }
}

function problemOf(source: string, start: number, error: unknown): Problem {
  // The parser calls itself for nested parts. Whatever overflows the stack is far above our own limit.
  // Acorn reports it as a SyntaxError that differs only in its message.
  if (error instanceof Error && error.message.startsWith("Not enough stack space")) {
    const hint = "Split it into several fields, or use a Code step.";
    return problemAt(
      source,
      { start, end: source.length },
      "TOO_DEEP",
      "The expression is nested too deeply.",
      hint,
    );
  }
  const at =
    error instanceof SyntaxError && "pos" in error && typeof error.pos === "number" ? error.pos : start;
  const text = error instanceof Error ? error.message.replace(/\s*\(\d+:\d+\)$/, "") : "Unreadable";
  const message =
    at >= source.length ? "The expression is not complete." : `Cannot read the expression: ${text}.`;
  const span = { start: at, end: Math.min(source.length, at + 1) };
  return problemAt(source, span, "SYNTAX", message, "Check brackets and quotes near this place.");
}

export function skipBlanks(source: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < source.length && /\s/.test(source[at] ?? "")) at++;
    if (source.startsWith("//", at)) {
      const lineEnd = source.indexOf("\n", at);
      at = lineEnd === -1 ? source.length : lineEnd + 1;
    } else if (source.startsWith("/*", at)) {
      const commentEnd = source.indexOf("*/", at + 2);
      at = commentEnd === -1 ? source.length : commentEnd + 2;
    } else return at;
  }
}
