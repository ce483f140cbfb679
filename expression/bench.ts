// Prints microseconds per evaluation for the four cases of the design, at three data sizes.
// Not a test: numbers depend on the machine. Run: node expression/bench.ts
import { compileExpression, compileTemplate, type EvaluationScope, type Json } from "./src/index.ts";

const CASES = {
  "a path": compileExpression("$json.customer.address.city"),
  "b condition": compileExpression(
    "$json.total > 100 && $json.customer.vip ? $json.total * 0.9 : $json.total + 5",
  ),
  "c list": compileExpression(
    "$json.items.filter(i => i.quantity > 2).map(i => i.name + ' x' + i.quantity).join(', ')",
  ),
  "d text": compileTemplate(
    "Order {{ $json.id }} for {{ $json.customer.name }} in {{ $json.customer.address.city }}",
  ),
};

function order(itemCount: number, historyCount: number): Json {
  const items = Array.from({ length: itemCount }, (_, i) => ({
    name: `Article ${i}`,
    quantity: i % 6,
    price: i * 1.5,
    note: "fragile",
  }));
  const history = Array.from({ length: historyCount }, (_, i) => ({
    at: `2024-01-01T00:00:${i}`,
    event: "changed",
    by: "someone",
    text: "x".repeat(40),
  }));
  return {
    id: "A-1",
    total: 120,
    customer: { name: "Ada", vip: true, address: { city: "Paris" } },
    items,
    history,
  };
}

function scopeOf(json: Json): EvaluationScope {
  return {
    items: [{ json }],
    itemIndex: 0,
    runIndex: 0,
    node: () => undefined,
    vars: {},
    execution: {},
    workflow: {},
    nowMs: 1_700_000_000_000,
    zone: "UTC",
    seed: "bench",
  };
}

const SIZES: [string, EvaluationScope][] = [
  ["3 items", scopeOf(order(3, 0))],
  ["100 items", scopeOf(order(100, 0))],
  ["100 items + history", scopeOf(order(100, 700))],
];

for (const [name, compiled] of Object.entries(CASES)) {
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
  const { template } = compiled;
  const cells = SIZES.map(([size, scope]) => `${size} ${measure(() => template.evaluate(scope)).toFixed(2)}`);
  console.log(`${name}: ${cells.join("  |  ")}`);
}

/** Median of five rounds of about 100 ms of CPU time. */
function measure(work: () => unknown): number {
  let count = 1;
  const time = (n: number) => {
    const start = process.cpuUsage();
    for (let i = 0; i < n; i++) work();
    const used = process.cpuUsage(start);
    return used.user + used.system;
  };
  while (time(count) < 50_000) count *= 2;
  const rounds = Array.from({ length: 5 }, () => time(count * 2) / (count * 2));
  return rounds.sort((a, b) => a - b)[2] ?? 0;
}
