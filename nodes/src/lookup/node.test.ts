import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { lookupNode } from "./node.ts";

const orders = [
  { no: 1, who: "a" },
  { no: 2, who: "x" },
  { no: 3, who: "b" },
];
const people = [
  { id: "a", name: "Ada", address: { city: "London" } },
  { id: "b", name: "Bo" },
  { id: "a", name: "Abe" },
];
const key = { fields: [{ main: "who", other: "id" }] };
const lookup = (config: JsonObject, table: JsonObject[] = people) =>
  evaluateNode(lookupNode, { config: { ...key, ...config }, items: orders, inputs: { table } });

it("writes chosen fields of the row, and null where the row has none", () => {
  const outputs = lookup({ take: ["name", { field: "address.city", as: "to.city" }] });
  assert.deepEqual(jsonOf(outputs).main, [
    { no: 1, who: "a", name: "Ada", to: { city: "London" } },
    { no: 2, who: "x" },
    { no: 3, who: "b", name: "Bo", to: { city: null } },
  ]);
  assert.deepEqual(outputs.main?.lineage, [0, 1, 2]);
});

it("gives the whole row, or all rows", () => {
  assert.deepEqual(jsonOf(lookup({ into: "person", several: "last" })).main?.[0], {
    no: 1,
    who: "a",
    person: { id: "a", name: "Abe" },
  });
  const all = jsonOf(lookup({ several: "all" })).main as JsonObject[];
  assert.deepEqual(
    all.map((json) => (json.found as JsonObject[]).map((row) => row.name)),
    [["Ada", "Abe"], [], ["Bo"]],
  );
});

it("treats items without a row as asked", async () => {
  assert.deepEqual(lookup({ whenMissing: "drop" }).main?.lineage, [0, 2]);
  const split = lookup({ whenMissing: "port" });
  assert.deepEqual(jsonOf(split).missing, [{ no: 2, who: "x" }]);
  assert.deepEqual(split.missing?.lineage, [1]);
  assert.deepEqual(lookupNode.ports instanceof Function && lookupNode.ports({ whenMissing: "port" }), [
    "main",
    "missing",
  ]);
  const failure = await failureOf(() => lookup({ whenMissing: "fail" }));
  assert.equal(failure.message, 'Item 1 (who: text "x") has no row in the table.');
  assert.equal(jsonOf(lookup({}, [])).main?.length, 3);
});

it("says when a key is not unique, and keeps kinds apart", async () => {
  assert.match((await failureOf(() => lookup({ several: "fail" }))).message, /Item 0 has 2 rows/);
  const outputs = evaluateNode(lookupNode, {
    config: { fields: ["id"], whenMissing: "drop" },
    items: [{ id: 1 }, { id: "1" }],
    inputs: { table: [{ id: 1, ok: true }] },
  });
  assert.deepEqual(jsonOf(outputs).main, [{ id: 1, found: { id: 1, ok: true } }]);
});

it("takes fields of one row only", () => {
  assert.equal(lookupNode.checkConfig?.({ ...key, several: "all", take: ["a"] })[0]?.field, "take");
});
