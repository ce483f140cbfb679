import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import fc from "fast-check";
import { evaluateNode, failureOf, firstOf, jsonOf } from "../testing.ts";
import { rulesNode } from "./node.ts";

const columns = [
  { name: "total", type: "number" },
  { name: "kind", type: "text", field: "customer.kind" },
];
const rules: JsonObject[] = [
  { when: { total: { from: 1000 }, kind: "business" }, give: { discount: 0.15 }, note: "big" },
  { when: { total: { from: 1000 } }, give: { discount: 0.1 }, priority: 5 },
  { when: { kind: ["business", "school"] }, give: { discount: 0.05 } },
];
const run = (config: JsonObject, item: JsonObject) =>
  evaluateNode(rulesNode, { config: { columns, rules, ...config }, items: [item] });
const decide = (config: JsonObject, item: JsonObject) => firstOf(run(config, item));
const order = (total: number | null, kind?: string) => ({
  total,
  customer: kind === undefined ? {} : { kind },
});
const problems = (config: JsonObject) => rulesNode.checkConfig?.({ columns, rules, ...config }) ?? [];

describe("decisions", () => {
  it("take the first rule, and tell which rules fitted", () => {
    const made = decide({ trace: "why" }, order(1200, "business"));
    assert.deepEqual(made.decision, { discount: 0.15 });
    assert.deepEqual(made.why, [
      { rule: 1, counted: true, note: "big" },
      { rule: 2, counted: false },
      { rule: 3, counted: false },
    ]);
    assert.deepEqual(decide({}, order(1200)).decision, { discount: 0.1 });
    assert.deepEqual(decide({ into: "a.b" }, order(5, "school")).a, { b: { discount: 0.05 } });
  });

  it("take the one of the greatest priority, all, or the only one", async () => {
    assert.deepEqual(decide({ hits: "priority" }, order(1200, "business")).decision, { discount: 0.1 });
    assert.deepEqual(decide({ hits: "collect" }, order(1200, "school")).decision, [
      { discount: 0.1 },
      { discount: 0.05 },
    ]);
    assert.deepEqual(decide({ hits: "collect" }, order(1)).decision, []);
    assert.deepEqual(decide({ hits: "unique" }, order(1, "school")).decision, { discount: 0.05 });
    const failure = await failureOf(() => decide({ hits: "unique" }, order(1200, "school")));
    assert.equal(failure.message, 'Rules 2, 3 fit (total: 1200, kind: "school"), but only one may.');
  });

  it("have an answer when nothing fits", async () => {
    assert.deepEqual(decide({ otherwise: { discount: 0 } }, order(1)).decision, { discount: 0 });
    assert.deepEqual(jsonOf(run({ whenNone: "port" }, order(1))).none, [order(1)]);
    assert.match(
      (await failureOf(() => decide({}, order(null)))).message,
      /No rule fits \(total: missing, kind: missing\)/,
    );
  });

  it("compare dates, prefixes, exclusions, and what is missing", () => {
    const table = {
      columns: [
        { name: "day", type: "date" },
        { name: "sku", type: "text" },
        { name: "vip", type: "boolean" },
      ],
      rules: [
        {
          when: { day: { from: "2026-12-01", below: "2027-01-01" }, sku: { startsWith: "X-" } },
          give: { n: 1 },
        },
        { when: { vip: true, sku: { not: ["A", "B"] } }, give: { n: 2 } },
        { when: { vip: { exists: false } }, give: { n: 3 } },
        { when: { vip: { exists: true } }, give: { n: 4 } },
      ],
    };
    const n = (item: JsonObject) => (decide(table, item).decision as JsonObject).n;
    assert.equal(n({ day: "2026-12-31T23:59:59Z", sku: "X-1" }), 1);
    assert.equal(n({ day: "2027-01-01", sku: "X-1", vip: true }), 2);
    assert.equal(n({ sku: "A", vip: true }), 4);
    assert.equal(n({ sku: "A" }), 3);
  });

  it("convert nothing", async () => {
    assert.match((await failureOf(() => decide({}, { total: "1200" }))).message, /takes numbers/);
    assert.equal(
      (await failureOf(() => decide({ rules: [{ when: { total: "x" }, give: {} }] }, order(1)))).field,
      "rules.0.when.total",
    );
  });
});

describe("the table itself", () => {
  it("has overlaps, shown by an example", () => {
    const found = problems({ hits: "unique" });
    assert.deepEqual(
      found.map(({ code, message }) => [code, message]),
      [
        ["RULES_OVERLAP", 'Rules 1 and 2 both fit, for example (total: 1000, kind: "business").'],
        ["RULES_OVERLAP", 'Rules 1 and 3 both fit, for example (total: 1000, kind: "business").'],
        ["RULES_OVERLAP", 'Rules 2 and 3 both fit, for example (total: 1000, kind: "business").'],
      ],
    );
    assert.deepEqual(
      problems({ hits: "priority" }).map(({ field }) => field),
      ["rules.2"],
    );
  });

  it("has gaps, shown by an example, down to a single value", () => {
    const table = (second: JsonObject) => ({
      columns: [{ name: "n", type: "number" }],
      complete: true,
      rules: [
        { when: { n: { below: 10 } }, give: {} },
        { when: { n: second }, give: {} },
        { when: { n: { exists: false } }, give: {} },
      ],
    });
    assert.deepEqual(problems(table({ from: 10 })), []);
    assert.equal(problems(table({ above: 10 }))[0]?.message, "No rule fits, for example (n: 10).");
    assert.equal(problems({ complete: true })[0]?.code, "RULES_GAP");
    assert.deepEqual(problems({ complete: true, otherwise: {} }), []);
  });

  it("has rules that are never reached", () => {
    const [found] = problems({ rules: [rules[1], rules[0]] as JsonObject[] });
    assert.equal(found?.message, "Rule 2 is never reached: rule 1 takes all it could take.");
    const impossible = problems({
      rules: [rules[0], { when: { total: { above: 5, below: 5 } }, give: {} }] as JsonObject[],
    });
    assert.equal(impossible[0]?.code, "RULES_UNREACHABLE");
  });

  it("is looked through quickly, also when it is large", () => {
    const started = process.cpuUsage();
    const many = Array.from({ length: 1000 }, (_, n) => ({
      when: { total: { from: n, below: n + 1 } },
      give: {},
    }));
    assert.deepEqual(problems({ rules: many, hits: "unique" }), []);
    assert.equal(problems({ rules: many, complete: true })[0]?.code, "RULES_GAP");
    assert.ok(process.cpuUsage(started).user < 10_000_000);
  });

  it("is checked for columns and kinds", () => {
    assert.equal(problems({ rules: [{ when: { other: 1 }, give: {} }] })[0]?.field, "rules.0.when.other");
    assert.equal(
      problems({ rules: [{ when: { kind: { from: 1 } }, give: {} }] })[0]?.field,
      "rules.0.when.kind.from",
    );
    assert.deepEqual(problems({ rules: [{ when: { total: "{{ $json.x }}" }, give: {} }] }), []);
  });

  it("finds an overlap or gap exactly when trying all values does", () => {
    const bound = fc.integer({ min: 0, max: 4 });
    const cell = fc.oneof(
      bound,
      fc.record({ from: bound, to: bound }),
      fc.record({ above: bound }),
      fc.record({ below: bound }),
      fc.record({ not: fc.array(bound, { minLength: 1, maxLength: 2 }) }),
      fc.constant({ exists: false }),
      fc.constant(undefined),
    );
    const rule = fc.tuple(cell, cell).map(([a, b]) => ({
      when: { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) },
      give: { ok: true },
    }));
    const axis = [null, ...Array.from({ length: 13 }, (_, index) => index / 2 - 1)];
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), (given) => {
        const table = {
          columns: ["a", "b"].map((name) => ({ name, type: "number" })),
          rules: given as JsonObject[],
        };
        const counts = axis.flatMap((a) =>
          axis.map((b) => (decide({ ...table, hits: "collect" }, { a, b }).decision as unknown[]).length),
        );
        const codes = problems({ ...table, hits: "unique", complete: true }).map(({ code }) => code);
        assert.equal(
          codes.includes("RULES_OVERLAP"),
          counts.some((count) => count > 1),
        );
        assert.equal(codes.includes("RULES_GAP"), counts.includes(0));
      }),
      { numRuns: 60 },
    );
  });
});
