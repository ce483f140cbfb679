import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { checkConfig } from "./checkConfig.ts";
import { z } from "./schema.ts";

const schema = z.strictObject({
  count: z.int().min(1),
  mode: z.enum(["fast", "safe"]).default("fast"),
  rows: z.array(z.strictObject({ field: z.string(), decimals: z.number().optional() })).optional(),
  way: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("page"), start: z.number() }),
      z.strictObject({ type: z.literal("link") }),
    ])
    .optional(),
  either: z.union([z.string(), z.strictObject({ main: z.string(), second: z.string() })]).optional(),
});
const fields = (config: JsonObject) =>
  checkConfig(schema, config).map((problem) => `${problem.field} ${problem.code}`);

it("lets a template stand for anything", () => {
  assert.deepEqual(fields({ count: "{{ $json.n }}", mode: "{{ $json.m }}", rows: "{{ $json.rows }}" }), []);
  assert.deepEqual(
    fields({ count: 1, rows: ["{{ 1 }}", { field: "a", decimals: "{{ 2 }}" }], way: "{{ 3 }}" }),
    [],
  );
  assert.deepEqual(fields({ count: 1, way: { type: "page", start: "{{ 1 }}" } }), []);
});

it("locates what is missing, wrong or unknown", () => {
  assert.deepEqual(fields({}), ["count FIELD_MISSING"]);
  assert.deepEqual(fields({ count: 0, mode: "slow" }), ["count FIELD_INVALID", "mode FIELD_INVALID"]);
  assert.deepEqual(fields({ count: 1, rows: [{ field: 1, decimal: 2 }] }), [
    "rows.0.field FIELD_INVALID",
    "rows.0.decimal FIELD_UNKNOWN",
  ]);
  assert.deepEqual(fields({ count: 1, way: { type: "page" } }), ["way.start FIELD_MISSING"]);
  assert.deepEqual(fields({ count: 1, either: { main: "a" } }), ["either.second FIELD_MISSING"]);
  assert.deepEqual(fields({ count: 1, either: 5 }), ["either FIELD_INVALID"]);
});

it("suggests the field that was meant", () => {
  const remedy = (config: JsonObject) => checkConfig(schema, { count: 1, ...config })[0]?.remedy;
  assert.equal(remedy({ mod: "fast" }), 'Did you mean "mode"?');
  assert.equal(remedy({ rows: [{ field: "a", decimal: 2 }] }), 'Did you mean "decimals"?');
  assert.equal(remedy({ colour: "red" }), "Known here: count, mode, rows, way, either.");
});
