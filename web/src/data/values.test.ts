// What a form shows of a value gives that value back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldText, readText, variableOf, variableText } from "./values.ts";

test("values of columns come back as they were", () => {
  const cases = [
    ["text", "a b"],
    ["text", "1"],
    ["number", 0],
    ["number", -1.5],
    ["boolean", false],
    ["boolean", true],
    ["time", "2026-03-29T01:30:00.000Z"],
    ["time", "2026-01-01T00:00:00.123Z"],
    ["json", { a: [1, null, "x"] }],
    ["json", "text"],
  ] as const;
  for (const [type, value] of cases)
    assert.deepEqual(readText(type, fieldText(type, value)), { ok: true, value }, `${type} ${String(value)}`);
  for (const type of ["text", "number", "boolean", "time", "json"] as const)
    assert.deepEqual(readText(type, fieldText(type, null)), { ok: true, value: null });
});

test("what is no value of the type is said", () => {
  assert.deepEqual(readText("number", "1,5"), { ok: false, problem: "number" });
  assert.deepEqual(readText("time", "soon"), { ok: false, problem: "time" });
  assert.deepEqual(readText("json", "{a: 1}"), { ok: false, problem: "json" });
});

test("a variable is JSON when it is some, else text, and comes back as it was", () => {
  assert.equal(variableOf("eu"), "eu");
  assert.equal(variableOf(" 12 "), 12);
  assert.equal(variableOf('"12"'), "12");
  for (const value of ["eu", "12", "true", " spaces ", '"quoted"', "", 12, null, false, { a: [1] }])
    assert.deepEqual(variableOf(variableText(value)), value, JSON.stringify(value));
});
