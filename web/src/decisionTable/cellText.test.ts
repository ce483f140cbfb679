import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@auraos/kernel";
import fc from "fast-check";
import { type ColumnType, cellText, readCell, readResult, resultText } from "./cellText.ts";

const read = (text: string, type: ColumnType) => {
  const found = readCell(text, type);
  return "cell" in found ? found.cell : found;
};

test("cells are read as people write them", () => {
  assert.equal(read("", "number"), undefined);
  assert.equal(read(" 5 ", "number"), 5);
  assert.deepEqual(read("1, 2", "number"), [1, 2]);
  assert.deepEqual(read(">= 1000", "number"), { from: 1000 });
  assert.deepEqual(read("≥1 and < 2.5", "number"), { from: 1, below: 2.5 });
  assert.deepEqual(read("1..5", "number"), { from: 1, to: 5 });
  assert.deepEqual(read("2026-01-01..2026-02-01", "date"), { from: "2026-01-01", to: "2026-02-01" });
  assert.deepEqual(read("business, school", "text"), ["business", "school"]);
  assert.deepEqual(read("not A, B and X-*", "text"), { not: ["A", "B"], startsWith: "X-" });
  assert.equal(read('"missing"', "text"), "missing");
  assert.deepEqual(read("missing", "text"), { exists: false });
  assert.deepEqual(read("Present", "number"), { exists: true });
  assert.equal(read("yes", "boolean"), true);
  assert.equal(read("{{ $vars.limit }}", "number"), "{{ $vars.limit }}");
});

test("what means nothing is said, with the part that does", () => {
  assert.deepEqual(read("soon", "number"), { error: "soon" });
  assert.deepEqual(read("1, x", "number"), { error: "x" });
  assert.deepEqual(read("> 1 and what", "number"), { error: "what" });
  assert.deepEqual(read("perhaps", "boolean"), { error: "perhaps" });
  assert.deepEqual(read('"open', "text"), { error: '"open' });
});

test("every cell is written so that it is read as the same", () => {
  const text = fc
    .oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("missing", "not a", "a and b", "a, b", "x*", ">5", ' "', "\\", "a..b", "5"),
    )
    .filter((one) => !one.includes("{{"));
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => (one === 0 ? 0 : one));
  const kinds: [ColumnType, fc.Arbitrary<Json>][] = [
    ["number", number],
    ["text", text],
    ["boolean", fc.boolean()],
    ["date", fc.constantFrom("2026-01-01", "2026-12-31T10:00:00Z")],
  ];
  for (const [type, value] of kinds) {
    const some = fc.oneof(value, fc.array(value, { minLength: 2, maxLength: 3 }));
    const limits = type === "number" || type === "date";
    const cell: fc.Arbitrary<Json> = fc.oneof(
      some,
      fc.constantFrom<Json>({ exists: true }, { exists: false }),
      some.map((not): Json => ({ not })),
      ...(type === "text" ? [value.map((startsWith): Json => ({ startsWith }))] : []),
      ...(limits
        ? [
            fc.record(
              { from: value, above: value, to: value, below: value },
              { requiredKeys: ["from"], noNullPrototype: true },
            ) as fc.Arbitrary<Json>,
          ]
        : []),
    );
    fc.assert(
      fc.property(cell, (one) => assert.deepEqual(read(cellText(one, type), type), one)),
      { seed: 7, numRuns: 300 },
    );
  }
});

test("results keep their kind: 5 is not “5”", () => {
  for (const value of [
    5,
    "5",
    true,
    "true",
    null,
    "",
    " a ",
    "plain text",
    [1],
    { a: 1 },
    '"q"',
    "{{ $json.x }}",
  ] as Json[])
    assert.deepEqual(readResult(resultText(value)), value);
  assert.equal(resultText("plain text"), "plain text");
  assert.equal(readResult("  "), undefined);
});
