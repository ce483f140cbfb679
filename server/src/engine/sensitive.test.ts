// What is called sensitive is replaced by path and by value; what is given is never changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Fresh,
  hide,
  hideText,
  newSensitive,
  type SealedRef,
  type Sensitive,
  seal,
} from "./sensitive.ts";

function sealed(sensitive: Sensitive, value: unknown) {
  const fresh: Fresh = [];
  const used = new Set<SealedRef>();
  const before = structuredClone(value);
  const copy = seal(sensitive, value, fresh, used);
  assert.deepEqual(value, before, "what was given is as it was");
  return { copy, values: fresh.map((one) => one.value), used: used.size };
}
const of = (...paths: string[]) => newSensitive(paths) as Sensitive;

test("nothing is called sensitive: nothing to do", () => {
  assert.equal(newSensitive(undefined), null);
  assert.equal(newSensitive([]), null);
  const value = [{ json: { a: 1 } }];
  assert.equal(seal(of("b"), value, [], new Set()), value, "the same object, no copy");
});

test("by path in items, and by value before and after them", () => {
  const fact = {
    params: { to: "ann@example.com", body: "Dear ann@example.com," },
    outputs: { main: { items: [{ json: { customer: { email: "ann@example.com" }, n: 1 } }] } },
  };
  const { copy, values } = sealed(of("customer.email"), fact);
  assert.deepEqual(values, ["ann@example.com", "Dear ann@example.com,"]);
  assert.deepEqual(copy, {
    params: { to: { $sealed: "", at: 0 }, body: { $sealed: "", at: 1 } },
    outputs: { main: { items: [{ json: { customer: { email: { $sealed: "", at: 0 } }, n: 1 } }] } },
  });
});

test("what was put away once is referred to again", () => {
  const sensitive = of("a");
  assert.deepEqual(sealed(sensitive, [{ json: { a: "secret" } }]).values, ["secret"]);
  const again = sealed(sensitive, [{ json: { a: "secret", b: "secret" } }]);
  assert.deepEqual([again.values, again.used], [[], 1]);
});

test("whole things, numbers and odd names", () => {
  const item = JSON.parse(
    '{"json": {"__proto__": {"key": "hidden"}, "address": {"street": "Long Street"}, "card": 4111111}}',
  );
  const { copy, values } = sealed(of("__proto__.key", "address", "card"), [
    item,
    { text: "Long Street, 4111111" },
  ]);
  assert.deepEqual(values.slice(0, 3), ["hidden", { street: "Long Street" }, 4111111]);
  assert.ok(!JSON.stringify(copy).match(/hidden|Long|4111111/));
  assert.ok(JSON.stringify(copy).includes('"__proto__"'));
});

test("what is only shown has a word in its place, and leaves nothing to be put away", () => {
  const sensitive = of("a");
  assert.deepEqual(hide(sensitive, { a: "secret", b: "the secret", c: 1 }), {
    a: "[sensitive]",
    b: "[sensitive]",
    c: 1,
  });
  assert.deepEqual(
    sealed(sensitive, [{ json: { a: "secret" } }]).values,
    ["secret"],
    "it was not put away by looking",
  );
  assert.equal(hideText(sensitive, "no secret here"), "no [sensitive] here");
});

test("short values are compared as a whole only", () => {
  const sensitive = of("pin");
  const { copy } = sealed(sensitive, [{ json: { pin: "12", text: "112 12", other: "12" } }]);
  const [{ json }] = copy as [{ json: Record<string, unknown> }];
  assert.equal(json.text, "112 12");
  assert.deepEqual(json.other, json.pin);
});
