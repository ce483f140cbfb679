// One person is found however they are written, and nobody else is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eraseJson, eraseText } from "./eraseJson.ts";
import { createMatcher } from "./matcher.ts";

const ann = createMatcher([
  { kind: "email", value: "Ann.Lee@example.com" },
  { kind: "phone", value: "+47 912 34 567" },
  { kind: "id", value: "C-4711" },
  { kind: "name", value: "Ann Lee" },
]);

test("found in any case, in addresses, in links, in sentences", () => {
  for (const text of [
    "ann.lee@EXAMPLE.com",
    "mailto:ann.lee@example.com?subject=x",
    "to=ann.lee%40example.com&x=1",
    '"Ann  Lee" <ann.lee@example.com>',
    "Ring +4791234567, (47) 912-34-567 or 0047 912 34 567.",
    "customer C-4711.",
    Buffer.from("Ann.Lee@example.com").toString("base64"),
    "user:ann.lee@example.com",
  ]) {
    assert.ok(ann.maybe(text) && ann.has(text), text);
    assert.doesNotMatch(ann.erase(text), /ann|lee@|912|4711|QW5u/i, text);
    assert.match(text, new RegExp(ann.posix.replaceAll("[[:space:]", "[\\s"), "i"), text);
  }
});

test("nobody else is", () => {
  for (const text of [
    "joann.lee@example.com",
    "ann.lee@example.com.au",
    "ann.lee@example.community",
    "C-47110",
    "XC-4711",
    "Joann Lee",
    "Ann Leeds",
    "47912345678",
    "1479123456",
    "+47 912 34 56",
  ])
    assert.equal(ann.has(text), false, text);
});

test("values: only what the person is known by; records: what stands beside it too", () => {
  const json = {
    order: 17,
    customer: {
      email: "ann.lee@example.com",
      street: "Long Street 5",
      points: 12,
      vip: true,
      tags: ["a", "Ann Lee"],
    },
    others: [{ email: "bob@example.com", street: "Short Street 1" }],
    note: "call Ann Lee",
  };
  assert.deepEqual(eraseJson({ matcher: ann, records: false }, json, true), {
    ...json,
    customer: { ...json.customer, email: "[erased]", tags: ["a", "[erased]"] },
    note: "call [erased]",
  });
  assert.deepEqual(eraseJson({ matcher: ann, records: true }, json, true), {
    ...json,
    customer: { email: "[erased]", street: "[erased]", points: null, vip: true, tags: ["a", "[erased]"] },
    note: "call [erased]",
  });
  assert.deepEqual(eraseJson({ matcher: ann, records: true }, { "ann.lee@example.com": 1 }, true), {
    "[erased]": 1,
  });
});

test("facts of the engine keep their own fields", () => {
  const fact = {
    t: "NodeFinished",
    run: "n1",
    by: "ann.lee@example.com",
    outputs: { main: { items: [{ json: { email: "ann.lee@example.com", name: "A. L." } }] } },
  };
  assert.deepEqual(eraseJson({ matcher: ann, records: true }, fact, false), {
    ...fact,
    by: "[erased]",
    outputs: { main: { items: [{ json: { email: "[erased]", name: "[erased]" } }] } },
  });
});

test("texts that are JSON stay JSON, others stay as they are", () => {
  const erasing = { matcher: ann, records: true };
  assert.equal(eraseText(erasing, '{"a":"C-4711","b":"x"}', true), '{"a":"[erased]","b":"[erased]"}');
  assert.equal(eraseText(erasing, "a;b\nC-4711;x\n", true), "a;b\n[erased];x\n");
  assert.equal(eraseText(erasing, '{"a": 1 }', true), '{"a": 1 }');
});
