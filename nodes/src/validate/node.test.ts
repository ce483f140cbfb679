import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import fc from "fast-check";
import { z } from "../schema.ts";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { mistakesOf } from "./jsonSchema.ts";
import { validateNode } from "./node.ts";

const person: JsonObject = {
  type: "object",
  required: ["name", "age"],
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 2 },
    age: { type: "integer", minimum: 0 },
    mail: { type: "string", format: "email" },
    children: { type: "array", items: { $ref: "#" }, maxItems: 3 },
  },
};
const run = (config: JsonObject, ...items: Json[]) =>
  evaluateNode(validateNode, {
    config: { schema: person, ...config },
    items: items.map((json) => ({ json })),
  });
const keywords = (schema: Json, data: Json) =>
  mistakesOf(schema, data, 20).map(({ path, keyword }) => `${path} ${keyword}`);

it("sends right items one way, and wrong ones another with what is wrong", () => {
  const good = { name: "Ada", age: 36, children: [{ name: "Al", age: 1 }] };
  const outputs = jsonOf(run({}, good, { name: "B", age: -1.5, x: 1, children: [{ name: 1 }] }));
  assert.deepEqual(outputs.valid, [good]);
  const [bad] = outputs.invalid as JsonObject[];
  assert.deepEqual(
    (bad?.mistakes as JsonObject[] | undefined)?.map(({ message }) => message),
    [
      "/x is not a known field.",
      "/name must have at least 2 characters, but has 1.",
      "/age must be integer, not -1.5.",
      "/age must be at least 0, not -1.5.",
      "/children/0/age is missing.",
      "/children/0/name must be string, not 1.",
    ],
  );
});

it("drops, stops, or looks at a part only", async () => {
  assert.deepEqual(run({ whenInvalid: "drop" }, 1), {});
  const failure = await failureOf(() => run({ whenInvalid: "fail" }, 1));
  assert.equal(failure.message, "Item 0 has not the right form. The data must be object, not 1.");
  assert.deepEqual(jsonOf(run({ field: "p", schema: { type: "null" } }, { q: 1 })).valid, [{ q: 1 }]);
  assert.deepEqual((jsonOf(run({ mistakesMax: 1, into: "why" }, {})).invalid as JsonObject[])[0]?.why, [
    { path: "/name", keyword: "required", message: "/name is missing." },
  ]);
});

describe("keywords", () => {
  it("combine", () => {
    const schema = {
      if: { properties: { a: { const: 1 } } },
      // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
      then: { required: ["b"] },
      else: { not: { required: ["b"] } },
    };
    assert.deepEqual(keywords(schema, { a: 1 }), ["/b required"]);
    assert.deepEqual(keywords(schema, { a: 2, b: 1 }), [" not"]);
    assert.deepEqual(keywords({ oneOf: [{ type: "number" }, { minimum: 5 }] }, 7), [" oneOf"]);
    assert.deepEqual(keywords({ anyOf: [{ type: "string" }, { maximum: 5 }] }, 7), [" anyOf"]);
    assert.deepEqual(keywords({ allOf: [{ enum: [1, 2] }, { multipleOf: 0.1 }] }, 3), [" enum"]);
  });

  it("count and look into lists and names", () => {
    assert.deepEqual(
      keywords({ uniqueItems: true }, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
      [" uniqueItems"],
    );
    assert.deepEqual(keywords({ prefixItems: [{ type: "string" }], items: false }, [1, 2]), [
      "/0 type",
      "/1 false",
    ]);
    assert.deepEqual(keywords({ contains: { const: 1 }, maxContains: 1 }, [1, 1]), [" contains"]);
    assert.deepEqual(
      keywords(
        { patternProperties: { "^x-": { type: "string" } }, additionalProperties: false },
        { "x-a": 1, b: 1 },
      ),
      ["/x-a type", "/b additionalProperties"],
    );
    assert.deepEqual(
      keywords({ propertyNames: { maxLength: 1 }, dependentRequired: { a: ["c"] } }, { a: 1, "b/~": 1 }),
      ["/b~1~0 propertyNames", "/c dependentRequired"],
    );
    assert.deepEqual(keywords({ maxLength: 1 }, "👍"), []);
  });

  it("know formats", () => {
    const right: [string, string, string][] = [
      ["date", "2024-02-29", "2023-02-29"],
      ["date-time", "2026-01-02T03:04:05Z", "2026-01-02 03:04"],
      ["email", "ada@example.co.uk", "ada@localhost"],
      ["uri", "https://a.example/x?y=1", "no uri"],
      ["uuid", "123e4567-e89b-12d3-a456-426614174000", "123"],
      ["ipv4", "10.0.0.255", "10.0.0.256"],
      ["ipv6", "2001:db8::1", "2001:::1"],
      ["hostname", "a-b.example", "-a.example"],
    ];
    for (const [format, good, bad] of right) {
      assert.deepEqual(keywords({ format }, good), [], format);
      assert.deepEqual(keywords({ format }, bad), [" format"], format);
    }
  });
});

it("refuses schemas with rules it would not keep", () => {
  const fields = (schema: Json) => validateNode.checkConfig?.({ schema }).map(({ field }) => field);
  assert.deepEqual(fields({ propertes: {} }), ["schema.propertes"]);
  assert.deepEqual(fields({ properties: { a: { type: "text" } } }), ["schema.properties.a.type"]);
  assert.deepEqual(fields({ items: { $ref: "https://else.where/" } }), ["schema.items.$ref"]);
  assert.deepEqual(fields({ pattern: "(?=a)", format: "postcode", minimum: "1" }), [
    "schema.pattern",
    "schema.format",
    "schema.minimum",
  ]);
});

it("ends for a schema that refers to itself without end", () => {
  assert.deepEqual(keywords({ $defs: { a: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" }, 1), [" $ref"]);
});

it("agrees with another checker", () => {
  const leaf = fc.constantFrom<JsonObject>(
    { type: "string", minLength: 2 },
    { type: "integer", minimum: 1, maximum: 4 },
    { type: "number", exclusiveMinimum: 1 },
    { type: "boolean" },
    { enum: ["a", 1, null] },
    { const: "ab" },
    { anyOf: [{ type: "null" }, { type: "string" }] },
  );
  const schema = fc.oneof(
    leaf,
    fc.tuple(leaf, leaf).map(
      ([a, b]) =>
        ({
          type: "object",
          properties: { a, b },
          required: ["a"],
          additionalProperties: false,
        }) as JsonObject,
    ),
    leaf.map((items) => ({ type: "array", items, minItems: 1, maxItems: 2 }) as JsonObject),
  );
  const plain = fc.constantFrom<Json>("", "a", "ab", 0, 1, 2.5, 9, true, null, [], {});
  const data = fc.oneof(
    plain,
    fc.dictionary(fc.constantFrom("a", "b", "c"), plain, { noNullPrototype: true }),
    fc.array(plain, { maxLength: 3 }),
  ) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(schema, data, (form, value) => {
      assert.equal(mistakesOf(form, value, 5).length === 0, z.fromJSONSchema(form).safeParse(value).success);
    }),
    { numRuns: 1000 },
  );
});
