import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBySchema } from "./checkBySchema.ts";
import type { Schema } from "./schema.ts";

const schema: Schema = {
  type: "object",
  required: ["url"],
  additionalProperties: false,
  properties: {
    url: { type: "string", minLength: 1 },
    count: { type: "integer", minimum: 1 },
    mode: { enum: ["all", "each"] },
    fields: { type: "object", additionalProperties: {} },
    auth: {
      oneOf: [
        {
          type: "object",
          required: ["type", "token"],
          properties: { type: { const: "bearer" }, token: { type: "string" } },
        },
        {
          type: "object",
          required: ["type", "user"],
          properties: { type: { const: "basic" }, user: { type: "string" } },
        },
      ],
    },
    cases: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["port"],
        properties: { port: { type: "string", pattern: "^[a-z]+$" } },
      },
    },
  },
};

const found = (config: Record<string, unknown>) =>
  checkBySchema(schema, config as never).map(({ field, code }) => `${field} ${code}`);

test("a sound config has no problems", () => {
  assert.deepEqual(
    found({ url: "x", count: 2, mode: "all", fields: { any: [1] }, auth: { type: "basic", user: "u" } }),
    [],
  );
});

test("a template may stand for anything, anywhere", () => {
  assert.deepEqual(
    found({ url: "{{ $json.url }}", count: "{{ 1 }}", mode: "{{ $json.m }}", cases: "{{ $json.c }}" }),
    [],
  );
});

test("what is missing, unknown or wrong is named with its field", () => {
  assert.deepEqual(found({ urll: "x" }), ["url FIELD_MISSING", "urll FIELD_UNKNOWN"]);
  assert.deepEqual(found({ url: "", count: 0.5, mode: "some" }), [
    "url FIELD_INVALID",
    "count FIELD_INVALID",
    "mode FIELD_INVALID",
  ]);
  assert.deepEqual(found({ url: "x", cases: [{ port: "a b" }, {}] }), [
    "cases.0.port FIELD_INVALID",
    "cases.1.port FIELD_MISSING",
  ]);
});

test("a field is called as the form calls it, and found by its path", () => {
  const mail: Schema = {
    type: "object",
    required: ["from", "to"],
    properties: { from: { type: "string", title: "Sender" }, to: { type: "string" } },
  };
  const within: Schema = { type: "object", properties: { mail } };
  const [from, to] = checkBySchema(within, { mail: {} });
  assert.deepEqual([from?.field, from?.said?.values.field], ["mail.from", "Sender"]);
  assert.equal(`${from?.message} ${from?.remedy}`, '"Sender" is missing. Fill in "Sender".');
  assert.deepEqual([to?.field, to?.said?.values.field], ["mail.to", "mail.to"]);
  const [wrong] = checkBySchema(within, { mail: { from: 1, to: "x" } });
  assert.equal(wrong?.message, '"Sender": must be text.');
});

test("of several forms, the one that was meant is asked", () => {
  assert.deepEqual(found({ url: "x", auth: { type: "bearer" } }), ["auth.token FIELD_MISSING"]);
});
