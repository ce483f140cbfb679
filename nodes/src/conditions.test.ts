import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { checkConditions, holds, type operators } from "./conditions.ts";
import { failureOf } from "./testing.ts";

type Row = [Json | undefined, keyof typeof operators, Json | undefined, boolean];
const rows: Row[] = [
  [1, "equals", 1, true],
  [1, "equals", "1", false],
  [{ a: 1, b: [2] }, "equals", { b: [2], a: 1 }, true],
  [undefined, "equals", null, false],
  [null, "notEquals", 0, true],
  [10, "greater", 9, true],
  ["10", "greater", "9", false],
  ["2026-01-02", "greaterOrEqual", "2026-01-02", true],
  [1, "less", 1, false],
  [1, "lessOrEqual", 1, true],
  ["hello", "contains", "ell", true],
  [[1, { a: 1 }], "contains", { a: 1 }, true],
  ["hello", "notContains", "x", true],
  ["hello", "startsWith", "he", true],
  ["hello", "endsWith", "lo", true],
  ["b", "in", ["a", "b"], true],
  ["b", "notIn", ["a", "b"], false],
  ["2026-01-01", "before", "2026-01-01T00:00:01Z", true],
  ["2026-01-01T02:00:00+02:00", "after", "2025-12-31T23:59:59", true],
  [0, "before", 1, true],
  [undefined, "exists", undefined, false],
  [0, "exists", undefined, true],
  [null, "notExists", undefined, true],
  ["", "isEmpty", undefined, true],
  [{}, "isEmpty", undefined, true],
  [0, "isEmpty", undefined, false],
  [[0], "isNotEmpty", undefined, true],
  [true, "isTrue", undefined, true],
  [false, "isFalse", undefined, true],
];

for (const [left, operator, right, expected] of rows) {
  it(`${JSON.stringify(left)} ${operator} ${JSON.stringify(right)} is ${expected}`, () => {
    assert.equal(holds({ conditions: [condition(left, operator, right)] }), expected);
  });
}

function condition(left: Json | undefined, operator: string, right: Json | undefined): JsonObject {
  return { operator, ...(left === undefined ? {} : { left }), ...(right === undefined ? {} : { right }) };
}

it("looks no further once the result is certain", () => {
  const conditions = [condition(undefined, "exists", undefined), condition(undefined, "greater", 1)];
  assert.equal(holds({ conditions }), false);
  assert.equal(holds({ conditions: [condition(1, "equals", 1), ...conditions], combine: "or" }), true);
});

it("converts nothing", async () => {
  const mixed = await failureOf(() => holds({ conditions: [condition("5", "greater", 3)] }));
  assert.equal(mixed.message, '"conditions.0" compares text "5" with 3.');
  assert.match(mixed.remedy ?? "", /Number/);
  const wrong: [Json | undefined, string, Json | undefined][] = [
    [1, "contains", "1"],
    ["true", "isTrue", undefined],
    [undefined, "less", 1],
    ["yesterday", "before", "2026-01-01"],
    [1, "in", "123"],
    [1, "nonsense", 1],
  ];
  for (const [left, operator, right] of wrong) {
    const failure = await failureOf(() => holds({ conditions: [condition(left, operator, right)] }));
    assert.equal(failure.code, "PARAM_INVALID", operator);
    assert.match(failure.field ?? "", /^conditions\.0/);
  }
});

it("wants true or false from a condition", async () => {
  assert.equal(holds({ condition: true }), true);
  const failure = await failureOf(() => holds({ condition: "true > 3" }));
  assert.equal(failure.message, '"condition" must give true or false, but gave text "true > 3".');
  assert.equal(
    (await failureOf(() => holds({}))).message,
    '"condition" must give true or false, but gave nothing.',
  );
});

it("finds missing and doubled conditions before they run", () => {
  assert.equal(checkConditions({})[0]?.code, "CONDITION");
  assert.equal(checkConditions({ condition: true, conditions: [] }).length, 1);
  assert.equal(
    checkConditions({ condition: "$json.a > 1" })[0]?.remedy,
    "Put it in braces: {{ $json.a > 1 }}.",
  );
  assert.equal(
    checkConditions({ conditions: [{ left: 1, operator: "greater" }] })[0]?.field,
    "conditions.0.right",
  );
});
