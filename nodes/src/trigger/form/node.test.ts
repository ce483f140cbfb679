import assert from "node:assert/strict";
import { it } from "node:test";
import { formTrigger } from "./node.ts";

const check = formTrigger.checkConfig ?? (() => []);
const form = (fields: unknown[]) => ({ path: "f", title: "F", pages: [{ fields }] }) as never;

it("needs a path, a title and fields with names of their own", () => {
  assert.deepEqual(check(form([{ name: "a", label: "A" }])), []);
  assert.equal(check({ path: "f", title: "F", pages: [] })[0]?.field, "pages");
  const twice = check(
    form([
      { name: "a", label: "A" },
      { name: "a", label: "B" },
    ]),
  );
  assert.deepEqual([twice[0]?.code, twice[0]?.field], ["FIELD_TWICE", "pages.0.fields.1.name"]);
  assert.equal(check(form([{ name: "submittedAt", label: "A" }]))[0]?.code, "FIELD_TWICE");
  assert.equal(
    check(form([{ name: "a", label: "A", type: "select" }]))[0]?.field,
    "pages.0.fields.0.options",
  );
  assert.equal(check(form([{ name: "__proto__", label: "A" }])).length, 1);
});
