// Without a database; against a real one: server/src/dataTables/dataTables.db.test.ts.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import type { TableChange } from "../defineNode.ts";
import { failureOf, jsonOf, runNode } from "../testing.ts";
import { tableNode } from "./node.ts";

const field = (config: JsonObject) => tableNode.checkConfig?.({ table: "t", ...config })[0]?.field;

it("asks for what its operation needs, and refuses what would be passed over", () => {
  assert.equal(field({ operation: "upsert", values: {} }), "match");
  assert.equal(field({ operation: "insert", match: ["a"] }), "match");
  assert.equal(field({ operation: "insert", rows: [], values: {} }), "rows");
  assert.equal(field({ operation: "update", rows: [], all: true }), "rows");
  assert.equal(field({ operation: "insert", where: [{ column: "a", value: 1 }] }), "where");
  for (const operation of ["update", "delete"]) {
    assert.equal(field({ operation }), "where");
    assert.equal(field({ operation, where: [] }), "where");
    assert.equal(field({ operation, all: true }), undefined);
    assert.equal(field({ operation, where: [{ column: "a", value: 1 }] }), undefined);
    assert.equal(field({ operation, where: "{{ $json.where }}" }), undefined);
  }
  assert.equal(field({ operation: "find" }), undefined);
  assert.equal(field({ operation: "drop" }), "operation");
});

it("says the same when a template gave nothing to choose rows by", async () => {
  const failure = await failureOf(() =>
    runNode(tableNode, { config: { operation: "delete", table: "t", where: [] } }),
  );
  assert.deepEqual([failure.code, failure.field], ["PARAM_INVALID", "where"]);
});

it("reads, or writes under the key of its effect", async () => {
  const effect = (operation: string) => tableNode.effectOf?.({ operation });
  assert.deepEqual(["find", "count", "insert", "upsert", "update", "delete", "{{ $json.x }}"].map(effect), [
    "read",
    "read",
    ...Array(5).fill("idempotent"),
  ]);
  const written: [string, TableChange, string][] = [];
  const tables = {
    find: async () => [{ id: 1, a: 2 }],
    count: async () => 7,
    ensure: async () => {},
    write: async (table: string, change: TableChange, key: string) => {
      written.push([table, change, key]);
      return { inserted: 1, updated: 0, deleted: 0, rows: [{ id: 1, a: 2 }] };
    },
  };
  const run = async (config: JsonObject) =>
    jsonOf(await runNode(tableNode, { config: { table: "t", ...config }, items: [{ a: 2 }] }, { tables }))
      .main;
  assert.deepEqual(await run({ operation: "insert" }), [{ id: 1, a: 2 }]);
  assert.deepEqual(await run({ operation: "insert", rows: [{ a: 1 }, { a: 2 }] }), [
    { inserted: 1, updated: 0 },
  ]);
  assert.deepEqual(await run({ operation: "count" }), [{ count: 7 }]);
  assert.deepEqual(await run({ operation: "find", rowsInto: "found" }), [{ a: 2, found: [{ id: 1, a: 2 }] }]);
  assert.deepEqual(written, [
    ["t", { kind: "write", rows: [{ a: 2 }] }, "key-1"],
    ["t", { kind: "write", rows: [{ a: 1 }, { a: 2 }] }, "key-1"],
  ]);
  const wrong = await failureOf(() => run({ operation: "insert", rows: [1] }));
  assert.equal(wrong.field, "rows.0");
});
