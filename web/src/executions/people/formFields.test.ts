import assert from "node:assert/strict";
import { test } from "node:test";
import { dataOf, fieldsOf, problemsOf } from "./formFields.ts";

const fields = fieldsOf({
  type: "object",
  required: ["reason", "count"],
  properties: {
    reason: { type: "string", title: "Reason", description: "Why?" },
    count: { type: "integer" },
    how: { type: "string", enum: ["card", "bank"] },
    notify: { type: "boolean" },
    lines: { type: "array" },
  },
});

test("a schema gives the fields in its order", () => {
  assert.deepEqual(
    fields.map(({ label, kind, isRequired }) => [label, kind, isRequired]),
    [
      ["Reason", "text", true],
      ["count", "number", true],
      ["how", "choice", false],
      ["notify", "flag", false],
      ["lines", "json", false],
    ],
  );
  for (const form of [undefined, null, [], {}, { properties: 1 }, { properties: { a: true } }])
    assert.deepEqual(fieldsOf(form), []);
});

test("entries are checked and become values of their types", () => {
  assert.deepEqual(
    [...problemsOf(fields, { count: "1.5", lines: "[" })],
    [
      ["reason", "missing"],
      ["count", "notANumber"],
      ["lines", "notJson"],
    ],
  );
  const values = { reason: "late", count: "2", notify: true, lines: "[1]", how: "" };
  assert.equal(problemsOf(fields, values).size, 0);
  assert.deepEqual(dataOf(fields, values), { reason: "late", count: 2, notify: true, lines: [1] });
});
