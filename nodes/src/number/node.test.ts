import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, firstOf } from "../testing.ts";
import { numberNode } from "./node.ts";

const apply = (value: Json, ...steps: JsonObject[]) =>
  firstOf(evaluateNode(numberNode, { config: { fields: ["n"], steps }, items: [{ n: value }] })).n;
const parse = (text: string, locale = "en") => apply(text, { operation: "parse", locale });
const spaces = (text: Json | undefined) => String(text).replace(/\s/g, " ");

describe("parse", () => {
  it("reads what people write in their language", () => {
    assert.equal(parse("1,234.56"), 1234.56);
    assert.equal(parse("1.234,56 €", "de"), 1234.56);
    assert.equal(parse("EUR 1 234 567,8", "fr"), 1_234_567.8);
    assert.equal(parse("CHF 1’234.50", "de-CH"), 1234.5);
    assert.equal(parse("12,34,567", "en-IN"), 1_234_567);
    assert.equal(parse("12.5%"), 0.125);
    assert.equal(parse("($1,000)"), -1000);
    assert.equal(parse("−3"), -3);
    assert.equal(parse(".5"), 0.5);
    assert.equal(parse("1e3"), 1000);
    assert.equal(parse("100"), 100);
  });

  it("guesses nothing", async () => {
    for (const text of ["1,23.4", "1.234,56", "12a", "", "-", "1 2", "0x10", "Infinity"]) {
      assert.equal((await failureOf(() => parse(text))).code, "DATA_INVALID", text);
    }
    assert.equal((await failureOf(() => parse("1.5.2", "de"))).code, "DATA_INVALID");
    assert.equal(apply("none", { operation: "parse", whenInvalid: "null" }, { operation: "round" }), null);
    assert.equal(
      numberNode.checkConfig?.({ fields: ["a"], steps: [{ operation: "parse", locale: "zz-nothing-here" }] })
        .length,
      1,
    );
  });
});

describe("round", () => {
  it("is exact in decimal, in every mode", () => {
    const round = (value: number, mode: string, decimals = 0) =>
      apply(value, { operation: "round", mode, decimals });
    assert.equal(round(1.005, "halfUp", 2), 1.01);
    assert.equal(round(-1.005, "halfUp", 2), -1.01);
    const values = [2.5, -2.5, 3.5, 2.4, -2.4];
    const modes = {
      halfUp: [3, -3, 4, 2, -2],
      halfEven: [2, -2, 4, 2, -2],
      up: [3, -3, 4, 3, -3],
      down: [2, -2, 3, 2, -2],
      ceil: [3, -2, 4, 3, -2],
      floor: [2, -3, 3, 2, -3],
    };
    for (const [mode, expected] of Object.entries(modes)) {
      assert.deepEqual(
        values.map((value) => round(value, mode)),
        expected,
        mode,
      );
    }
    assert.equal(round(1e21, "halfUp", 2), 1e21);
  });

  it("rounds to multiples, clamps, scales", () => {
    assert.equal(apply(1.13, { operation: "roundTo", step: 0.05 }), 1.15);
    assert.equal(apply(52, { operation: "roundTo", step: 15, mode: "up" }), 60);
    assert.equal(apply(-4, { operation: "clamp", min: 0 }), 0);
    assert.equal(apply(0.1, { operation: "scale", by: 3, plus: 0.2 }), 0.5);
    assert.equal(apply(-2, { operation: "abs" }), 2);
  });
});

describe("format", () => {
  const format = (value: number, more: JsonObject) => spaces(apply(value, { operation: "format", ...more }));
  it("writes for people", () => {
    assert.equal(format(1234.5, { style: "currency", currency: "EUR", locale: "de" }), "1.234,50 €");
    assert.equal(format(1234.5, { style: "currency", currency: "JPY" }), "¥1,235");
    assert.equal(format(1234.5, { style: "currency", currency: "USD", maxDecimals: 0 }), "$1,235");
    assert.equal(format(0.1234, { style: "percent", maxDecimals: 1 }), "12.3%");
    assert.equal(format(1_234_000, { style: "compact" }), "1.2M");
    assert.equal(format(1_500_000, { style: "bytes" }), "1.5 MB");
    assert.equal(format(999, { style: "bytes" }), "999 byte");
    assert.equal(format(20, { style: "unit", unit: "celsius" }), "20°C");
    assert.equal(
      [1, 2, 3, 4, 11, 22].map((n) => format(n, { style: "ordinal" })).join(" "),
      "1st 2nd 3rd 4th 11th 22nd",
    );
    assert.equal(format(1234, { grouping: false, minDecimals: 2, sign: "always" }), "+1234.00");
  });

  it("wants a number, and what the style needs", async () => {
    assert.equal((await failureOf(() => apply("1", { operation: "format" }))).code, "DATA_INVALID");
    assert.equal((await failureOf(() => format(1, { style: "currency" }))).field, "steps.0.currency");
    assert.equal((await failureOf(() => format(1, { style: "unit", unit: "smile" }))).field, "steps.0");
  });
});
