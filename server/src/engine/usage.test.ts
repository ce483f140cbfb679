import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fact, Json } from "@auraos/kernel";
import { type Usage, withUsageOf } from "./usage.ts";

const progressed = (entry: Json): Fact => ({ t: "ActivityProgressed", command: "a:0", entry });

test("tokens and money are summed, in millionths; what is no usage counts nothing", () => {
  const facts: Fact[] = [
    { t: "Now", at: 1 },
    progressed({ usage: { inputTokens: 10, outputTokens: 3, calls: 1, cost: 0.000_012 } }),
    progressed({ logs: ["a line"] }),
    progressed({ usage: { inputTokens: 5, cost: 0.1 } }),
    progressed({ usage: [1, 2] }),
    progressed({ usage: { inputTokens: -5, outputTokens: "many", cost: Number.MAX_VALUE } }),
    progressed("usage"),
    progressed(null),
  ];
  const total = facts.reduce<Usage | null>((sum, fact) => withUsageOf(fact, sum), null);
  assert.deepEqual(total, { tokensIn: 15, tokensOut: 3, costMicros: 100_012 });
});

test("without any there is none", () => {
  assert.equal(withUsageOf(progressed({ logs: [] }), null), null);
});
