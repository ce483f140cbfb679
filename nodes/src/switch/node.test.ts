import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { switchNode } from "./node.ts";

const ports = typeof switchNode.ports === "function" ? switchNode.ports : () => [];
const check = switchNode.checkConfig ?? (() => []);
const cases = [
  { port: "one", equals: 1 },
  { port: "few", equals: 2 },
  { port: "few", equals: 3 },
];

const choose = (config: JsonObject, values: number[]) =>
  jsonOf(evaluateNode(switchNode, { config: (value) => ({ ...config, value }), items: values }));

it("goes by the first case that fits, else to the fallback", () => {
  assert.deepEqual(choose({ cases, fallback: "many" }, [1, 3, 9]), { one: [1], few: [3], many: [9] });
  assert.deepEqual(choose({ cases }, [9]), {}, "dropped without a fallback");
});

it("sends to every case that fits when asked", () => {
  const both = [...cases, { port: "odd", when: true }];
  assert.deepEqual(choose({ cases: both, all: true }, [1]), { one: [1], odd: [1] });
});

it("names each port once", () => {
  assert.deepEqual(ports({ cases, fallback: "many" }), ["one", "few", "many"]);
});

it("wants true or false from when", async () => {
  const failure = await failureOf(() => choose({ cases: [{ port: "a", when: "yes" }] }, [1]));
  assert.equal(failure.field, "cases.0.when");
});

it("finds cases that cannot work", () => {
  assert.equal(check({ cases: [{ port: "a" }] })[0]?.field, "cases.0");
  assert.equal(check({ cases: [{ port: "a", equals: 1 }] })[0]?.field, "value");
  assert.equal(check({ cases: [{ port: "{{ $json.to }}", when: true }] })[0]?.code, "TEMPLATE_NOT_ALLOWED");
  assert.equal(check({ cases: [{ port: "a", when: "$json.a" }] })[0]?.field, "cases.0.when");
});
