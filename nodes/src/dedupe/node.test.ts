import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, jsonOf } from "../testing.ts";
import { dedupeNode } from "./node.ts";

const dedupe = (config: JsonObject, items: Json[]) => evaluateNode(dedupeNode, { config, items });

it("compares all data, whatever the order of fields", () => {
  assert.deepEqual(jsonOf(dedupe({}, [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: "1", b: 2 }, 1, "1", 1])).main, [
    { a: 1, b: 2 },
    { a: "1", b: 2 },
    1,
    "1",
  ]);
});

it("compares chosen fields and keeps the first or the last", () => {
  const items = [
    { k: 1, n: 0 },
    { k: 2, n: 1 },
    { k: 1, n: 2 },
  ];
  assert.deepEqual(dedupe({ fields: ["k"] }, items).main?.lineage, [0, 1]);
  assert.deepEqual(dedupe({ fields: ["k"], keep: "last" }, items).main?.lineage, [1, 2]);
});
