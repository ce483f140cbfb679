// Fields go by their path, and what they held goes wherever else it stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRedactor, type Rule } from "./redact.ts";

const hide = (path: string): Rule => ({ path, mode: "hide" });
const shown = (json: unknown, ...rules: Rule[]) => createRedactor(rules).data(json as never) as unknown;

test("a path names one field, in one thing or in a list of them", () => {
  const item = { customer: { email: "ann@example.com", city: "Bergen" }, email: "shop@example.com" };
  assert.deepEqual(shown(item, hide("customer.email")), {
    customer: { email: "[hidden]", city: "Bergen" },
    email: "shop@example.com",
  });
  assert.deepEqual(shown([{ list: [item] }], hide("list.customer.email")), [
    { list: [{ ...item, customer: { email: "[hidden]", city: "Bergen" } }] },
  ]);
});

test("* is one name, ** any number of them", () => {
  const json = { card: 1111222233, a: { card: 2222333344, b: { card: 3333444455 } } };
  assert.deepEqual(shown(json, hide("*.card")), {
    card: 1111222233,
    a: { card: "[hidden]", b: { card: 3333444455 } },
  });
  assert.deepEqual(shown(json, hide("**.card")), {
    card: "[hidden]",
    a: { card: "[hidden]", b: { card: "[hidden]" } },
  });
  assert.deepEqual(shown({ a: { b: "bbbb", c: { d: "dddd" } }, e: 1 }, hide("a.**")), {
    a: { b: "[hidden]", c: "[hidden]" },
    e: 1,
  });
  assert.deepEqual(shown({ a: "x" }, hide("a.**")), { a: "x" });
});

test("a value that was hidden is hidden in copies and texts too; short ones are not looked for", () => {
  const redactor = createRedactor([hide("customer.email"), hide("customer.pin")]);
  redactor.data({ customer: { email: "ann@example.com", pin: 12 } });
  assert.deepEqual(
    redactor.rest({ text: "to ann@example.com, twelve: 12", who: ["ann@example.com"], n: 12 }),
    {
      text: "to [hidden], twelve: 12",
      who: ["[hidden]"],
      n: 12,
    },
  );
});

test("masks keep the last four signs, whole things are hidden whole, originals stay", () => {
  const json = {
    card: "4111111111111111",
    short: "1234",
    address: { street: "Long Street 5" },
    note: "Long Street 5!",
  };
  const before = structuredClone(json);
  assert.deepEqual(
    shown(json, { path: "card", mode: "mask" }, { path: "short", mode: "mask" }, hide("address")),
    { card: "••••1111", short: "••••", address: "[hidden]", note: "[hidden]!" },
  );
  assert.deepEqual(json, before);
  assert.equal(shown(json, hide("nothing.here")), json);
});

test("fields with strange names, null and booleans", () => {
  const json = JSON.parse('{"__proto__": {"email": "eve@example.com"}, "a": null, "b": true}');
  const out = shown(json, hide("__proto__.email"), hide("a"), hide("b")) as Record<string, unknown>;
  assert.equal(JSON.stringify(out), '{"__proto__":{"email":"[hidden]"},"a":null,"b":"[hidden]"}');
});
