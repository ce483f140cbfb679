// Trouble with a position: problems are found while compiling, errors while evaluating.
// Both speak to the author of the field: what is wrong, where, and what to do next.

export type Problem = {
  code: string;
  message: string;
  hint: string;
  start: number;
  end: number;
  line: number;
  column: number;
};

export type LimitReached = { name: string; allowed: number };

export class ExpressionError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly limit?: LimitReached;

  constructor(problem: Problem, limit?: LimitReached) {
    super(problem.message);
    this.name = "ExpressionError";
    this.code = problem.code;
    this.hint = problem.hint;
    this.start = problem.start;
    this.end = problem.end;
    this.line = problem.line;
    this.column = problem.column;
    if (limit) this.limit = limit;
  }
}

/** Lines count from 1, columns from 0, both in UTF-16 units like the offsets. */
export function locate(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let i = source.indexOf("\n"); i !== -1 && i < offset; i = source.indexOf("\n", i + 1)) {
    line++;
    lineStart = i + 1;
  }
  return { line, column: Math.max(0, offset - lineStart) };
}

export function problemAt(
  source: string,
  span: { start: number; end: number },
  code: string,
  message: string,
  hint: string,
): Problem {
  return { code, message, hint, start: span.start, end: span.end, ...locate(source, span.start) };
}
