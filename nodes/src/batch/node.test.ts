import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, jsonOf } from "../testing.ts";
import { batchNode } from "./node.ts";

const items = [1, 2, 3, 4, 5].map((n) => ({ n }));
const batch = (config: JsonObject) => evaluateNode(batchNode, { config, items });

it("packs items by number, and tells which batch it is", () => {
  const outputs = batch({ size: 2, into: "rows" });
  assert.deepEqual(jsonOf(outputs).main, [
    { batch: 1, batches: 3, rows: [{ n: 1 }, { n: 2 }] },
    { batch: 2, batches: 3, rows: [{ n: 3 }, { n: 4 }] },
    { batch: 3, batches: 3, rows: [{ n: 5 }] },
  ]);
  assert.deepEqual(outputs.main?.lineage, [[0, 1], [2, 3], [4]]);
});

it("packs by bytes: no list is longer than allowed", async () => {
  const lists = (jsonOf(batch({ size: 100, bytesMax: 24 })).main as JsonObject[]).map((json) => json.items);
  assert.deepEqual(
    lists.map((list) => JSON.stringify(list).length),
    [17, 17, 9],
  );
  assert.deepEqual((jsonOf(batch({ size: 100, bytesMax: 25 })).main as JsonObject[])[0]?.items, [
    { n: 1 },
    { n: 2 },
    { n: 3 },
  ]);
  assert.equal((await failureOf(() => batch({ size: 2, bytesMax: 8 }))).code, "ITEM_TOO_LARGE");
});
