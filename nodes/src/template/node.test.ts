import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { templateNode } from "./node.ts";

const names: Json[] = ["Ada", null, { b: 1 }, 7];
const write = (config: JsonObject, values: Json[] = names) =>
  evaluateNode(templateNode, {
    config: { each: "{{ $json }}", ...config },
    items: values.map((json) => ({ json })),
    at: (_, index) => values[index],
  });

it("writes a part for each item, and what surrounds them", () => {
  const outputs = write({ before: "<ul>", separator: ",", after: "</ul>" });
  assert.deepEqual(jsonOf(outputs).main, [{ items: 4, text: '<ul>Ada,,{"b":1},7</ul>' }]);
  assert.deepEqual(outputs.main?.lineage, [[0, 1, 2, 3]]);
  assert.deepEqual(jsonOf(write({ skipEmpty: true, into: "mail.body" })).main, [
    { items: 3, mail: { body: 'Ada\n{"b":1}\n7' } },
  ]);
});

it("has its own text for no items", () => {
  assert.deepEqual(jsonOf(write({ before: "x", whenEmpty: "none" }, [])).main, [{ items: 0, text: "none" }]);
  assert.deepEqual(jsonOf(write({ whenEmpty: "none", skipEmpty: true }, [""])).main, [
    { items: 0, text: "none" },
  ]);
});

it("names the setting that is wrong", async () => {
  assert.equal((await failureOf(() => write({ separator: 1 }))).field, "separator");
});
