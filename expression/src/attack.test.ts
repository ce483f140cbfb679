// Expressions written to break out, to break in, or to keep the machine busy. Each has an expected outcome:
// a value, the code of an error, or the code of a compile problem; and each must end within a second of CPU.
// Expected "any" means: whatever plain JSON or ExpressionError comes out, nothing else happens.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ATTACKS, type Attack } from "./attacks.fixture.ts";
import { compileTemplate, ExpressionError, type Item, type Json } from "./index.ts";

const CPU_MS_MAX = 1000;

function hostileItems(): Item[] {
  const json: Json = JSON.parse(
    '{"__proto__":{"polluted":1},"constructor":{"name":"data"},"toString":"t","valueOf":"v","toJSON":"j","then":"n",' +
      '"text":"abc","number":5,"list":[1,2,3],"nested":{"a":{"b":[{"c":1}]}},"nothing":null}',
  );
  return [{ json }, { json: { other: true } }];
}

function scopeOf(items: Item[]) {
  return {
    items,
    itemIndex: 0,
    runIndex: 0,
    node: (name: string) => (name === "A" ? { items, paired: () => "ambiguous" as const } : undefined),
    vars: { key: "value" },
    execution: { id: "1" },
    workflow: { name: "w" },
    nowMs: 1_700_000_000_000,
    zone: "Europe/Berlin",
    seed: "seed",
  };
}

function outcomeOf(attack: Attack, items: Item[]): unknown {
  const source = attack.bare ? attack.source : `{{ ${attack.source} }}`;
  const compiled = compileTemplate(source, { mode: attack.mode ?? "strict" });
  if (!compiled.ok) return { problem: compiled.problems[0]?.code };
  try {
    return { value: compiled.template.evaluate(scopeOf(items)) };
  } catch (error) {
    assert.ok(error instanceof ExpressionError, `threw ${String(error)}`);
    assert.notEqual(error.code, "INTERNAL", error.message);
    if (error.code.startsWith("LIMIT")) assert.ok(error.limit, "a limit error names its limit");
    return { error: error.code };
  }
}

function worldAsItWas(): string {
  const names = (value: object) => Object.getOwnPropertyNames(value).join();
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype, globalThis]
    .map(names)
    .join("|");
}

describe("attacks", () => {
  const world = worldAsItWas();
  for (const [group, attacks] of Object.entries(ATTACKS)) {
    describe(group, () => {
      for (const attack of attacks) {
        it(attack.source.slice(0, 90), () => {
          const items = hostileItems();
          const before = JSON.stringify(items);
          const start = process.cpuUsage();
          const outcome = outcomeOf(attack, items);
          const used = process.cpuUsage(start);
          const cpuMs = (used.user + used.system) / 1000;
          if (process.env.SHOW_CPU)
            console.log(
              Math.round(cpuMs),
              group,
              attack.source.slice(0, 100),
              JSON.stringify(outcome).slice(0, 80),
            );
          assert.equal(JSON.stringify(items), before, "the input changed");
          assert.equal(worldAsItWas(), world, "the host changed");
          if (attack.expect !== "any") assert.deepEqual(outcome, attack.expect);
          assert.ok(cpuMs < CPU_MS_MAX, `took ${cpuMs} ms`);
        });
      }
    });
  }
});
