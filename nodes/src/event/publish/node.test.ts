import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { firstOf, runNode } from "../../testing.ts";
import { eventPublish } from "./node.ts";

it("publishes the item, under an id that every attempt has", async () => {
  const seen: JsonObject[] = [];
  const publish = async (event: JsonObject) => {
    seen.push(event);
    return { id: String(event.id), position: 7 };
  };
  const config = { type: "order.paid", subject: "o-1", key: "ada" };
  const outputs = await runNode(
    eventPublish,
    { config, items: [{ amount: 3 }] },
    { publish },
    { attempt: 2 },
  );
  assert.deepEqual(firstOf(outputs), { id: "key-1", position: 7, type: "order.paid" });
  assert.equal(seen[0]?.id, "key-1");
  assert.deepEqual([seen[0]?.subject, seen[0]?.partitionkey, seen[0]?.data], ["o-1", "ada", { amount: 3 }]);
});
