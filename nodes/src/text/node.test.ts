import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, firstOf, jsonOf } from "../testing.ts";
import { textNode } from "./node.ts";

const apply = (value: Json, ...steps: JsonObject[]) =>
  firstOf(evaluateNode(textNode, { config: { fields: ["t"], steps }, items: [{ t: value }] })).t;

describe("steps", () => {
  it("trim and case", () => {
    assert.equal(apply("  a   b ", { operation: "trim", inside: true }), "a b");
    assert.equal(apply("  a ", { operation: "trim", side: "start" }), "a ");
    assert.equal(apply("o'neill of ÉIRE", { operation: "case", to: "title" }), "O'neill Of Éire");
    assert.equal(apply("ONE. two! three", { operation: "case", to: "sentence" }), "One. Two! Three");
    assert.equal(apply("order line ID", { operation: "case", to: "camel" }), "orderLineId");
  });

  it("replace takes texts as they are written, patterns know groups", () => {
    assert.equal(apply("a.b.c", { operation: "replace", find: ".", with: "$&" }), "a$&b$&c");
    assert.equal(apply("a.b.c", { operation: "replace", find: ".", first: true }), "ab.c");
    const swap = { operation: "replacePattern", pattern: "(\\w+) (\\w+)", with: "$2, $1 $$ $9" };
    assert.equal(apply("Ada Lovelace", swap), "Lovelace, Ada $ $9");
    assert.equal(
      apply("aXbx", { operation: "replacePattern", pattern: "x", ignoreCase: true, with: "-" }),
      "a-b-",
    );
    assert.equal(apply("abc", { operation: "replacePattern", pattern: "x*", with: "-" }), "-a-b-c-");
  });

  it("extract gives one, all or nothing", () => {
    const pattern = "([A-Z]{2})-(\\d+)";
    assert.equal(apply("see DE-12, FR-3", { operation: "extract", pattern }), "DE-12");
    assert.deepEqual(apply("see DE-12, FR-3", { operation: "extract", pattern, group: 2, all: true }), [
      "12",
      "3",
    ]);
    assert.equal(apply("nothing", { operation: "extract", pattern }), null);
  });

  it("split, change the parts, join", () => {
    assert.equal(
      apply(
        "b; ;a",
        { operation: "split", separator: ";", skipEmpty: true },
        { operation: "case", to: "upper" },
        { operation: "join", separator: "+" },
      ),
      "B+A",
    );
    assert.deepEqual(apply("a,b", { operation: "split", separator: "," }), ["a", "b"]);
  });

  it("pad, truncate and slice count what people see", () => {
    assert.equal(apply(7, { operation: "pad", length: 3, with: "0", side: "start" }), "007");
    assert.equal(apply("👩‍👩‍👧é", { operation: "pad", length: 4, with: "-" }), "👩‍👩‍👧é--");
    assert.equal(apply("The quick brown fox", { operation: "truncate", length: 12 }), "The quick…");
    assert.equal(apply("The quick brown fox", { operation: "truncate", length: 10 }), "The quick…");
    assert.equal(apply("Thequickbrownfox", { operation: "truncate", length: 6 }), "Thequ…");
    assert.equal(
      apply("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", { operation: "truncate", length: 2, ending: "" }),
      "👩‍👩‍👧👩‍👩‍👧",
    );
    assert.equal(apply("short", { operation: "truncate", length: 5 }), "short");
    assert.equal(apply("DE89370400440532013000", { operation: "slice", from: -4 }), "3000");
  });

  it("slugs and plain letters", () => {
    assert.equal(apply("  Crème Brûlée & Straße №5! ", { operation: "slug" }), "creme-brulee-strasse-5");
    assert.equal(apply("日本 ニュース", { operation: "slug", separator: "_" }), "日本_ニュース");
    assert.equal(apply("Łódź", { operation: "plain" }), "Lodz");
  });

  it("wrap and count", () => {
    assert.equal(apply("x", { operation: "wrap", before: "<", after: ">" }), "<x>");
    assert.equal(apply("naïve café, it's", { operation: "count", of: "words" }), 3);
    assert.equal(apply("a\r\nb\n", { operation: "count", of: "lines" }), 3);
  });
});

it("changes several fields, or writes elsewhere", async () => {
  const steps = [{ operation: "trim" }];
  const run = (config: JsonObject) =>
    jsonOf(evaluateNode(textNode, { config: { steps, ...config }, items: [{ a: " 1 ", b: { c: " 2 " } }] }))
      .main;
  assert.deepEqual(run({ fields: ["a", "b.c", "d"] }), [{ a: "1", b: { c: "2" } }]);
  assert.deepEqual(run({ fields: ["a"], into: "x" }), [{ a: " 1 ", b: { c: " 2 " }, x: "1" }]);
  assert.equal(
    (await failureOf(() => run({ fields: ["d"], whenMissing: "fail" }))).message,
    'There is no "d".',
  );
  assert.equal((await failureOf(() => run({ fields: ["a", "b"], into: "x" }))).field, "into");
});

it("is not slow for patterns made to be slow, and says what a pattern may not be", async () => {
  const started = process.cpuUsage();
  apply(`${"a".repeat(20_000)}!`, { operation: "extract", pattern: "^(a+)+$" });
  // Of the processor: on a busy machine the clock says little.
  assert.ok(process.cpuUsage(started).user < 2000_000);
  const failure = await failureOf(() => apply("x", { operation: "extract", pattern: "(?=x)" }));
  assert.equal(failure.field, "steps.0.pattern");
  assert.equal(
    (await failureOf(() => apply("x", { operation: "extract", pattern: "x", group: 1 }))).field,
    "steps.0.group",
  );
  assert.equal((await failureOf(() => apply({ a: 1 }, { operation: "trim" }))).code, "DATA_INVALID");
});

it("does not grow without end", async () => {
  const grow = { operation: "replace", find: "a", with: "a".repeat(1000) };
  assert.equal((await failureOf(() => apply("a", grow, grow, grow))).code, "TEXT_TOO_LONG");
});
