import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, jsonOf } from "../testing.ts";
import { ifNode } from "./node.ts";

it("sends each item one way", () => {
  const config = (json: unknown) => ({ condition: Number((json as JsonObject).amount) > 100 });
  const outputs = evaluateNode(ifNode, { config, items: [{ amount: 50 }, { amount: 150 }, { amount: 101 }] });
  assert.deepEqual(jsonOf(outputs), { true: [{ amount: 150 }, { amount: 101 }], false: [{ amount: 50 }] });
});
