// A scope for tests, and short ways to evaluate in it.
import {
  compileExpression,
  compileTemplate,
  type EvaluationScope,
  ExpressionError,
  type Item,
  type Json,
} from "./index.ts";

export const sampleItems: Item[] = [
  {
    json: {
      name: "Ada",
      age: 36,
      email: "Ada <ada@example.com>",
      tags: ["x", "y"],
      address: { city: "Paris", zip: null },
      orders: [
        { id: 1, price: 10, paid: true },
        { id: 2, price: 2.5, paid: false },
        { id: 3, price: 7, paid: true },
      ],
    },
    files: { photo: { fileName: "a.png", size: 3, read: () => "secret" } },
  },
  { json: { name: "Bob" } },
];

export function scopeWith(change: Partial<EvaluationScope> = {}): EvaluationScope {
  return {
    items: sampleItems,
    itemIndex: 0,
    runIndex: 2,
    node: (name) =>
      name === "Earlier"
        ? {
            items: sampleItems,
            paired: (i) => (i === 0 ? sampleItems[1] : i === 1 ? "ambiguous" : undefined),
          }
        : undefined,
    vars: { region: "eu" },
    execution: { id: "run-1", mode: "manual" },
    workflow: { id: "w1", name: "Orders" },
    nowMs: Date.UTC(2024, 4, 31, 12, 30, 15, 250),
    zone: "Europe/Berlin",
    seed: "seed-1",
    ...change,
  };
}

export type Mode = { mode?: "strict" | "lenient" };

/** The value of a bare expression; throws what evaluating throws. */
export function evaluate(
  source: string,
  change: Partial<EvaluationScope> = {},
  mode: Mode = {},
): Json | undefined {
  const compiled = compileExpression(source, mode);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.problems.map((problem) => problem.code).join()}`);
  return compiled.template.evaluate(scopeWith(change));
}

export function render(
  source: string,
  change: Partial<EvaluationScope> = {},
  mode: Mode = {},
): Json | undefined {
  const compiled = compileTemplate(source, mode);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.problems.map((problem) => problem.code).join()}`);
  return compiled.template.evaluate(scopeWith(change));
}

/** The error an expression ends with. */
export function errorOf(
  source: string,
  change: Partial<EvaluationScope> = {},
  mode: Mode = {},
): ExpressionError {
  try {
    const value = evaluate(source, change, mode);
    throw new Error(`${source} gave ${JSON.stringify(value)}`);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

export function problemsOf(source: string, mode: Mode = {}): string[] {
  const compiled = compileTemplate(source, mode);
  return compiled.ok ? [] : compiled.problems.map((problem) => problem.code);
}
