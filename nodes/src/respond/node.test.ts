import assert from "node:assert/strict";
import { it } from "node:test";
import { respondNode } from "./node.ts";

it("takes any body, also none", () => {
  assert.deepEqual(respondNode.checkConfig?.({}), []);
  assert.deepEqual(
    respondNode.checkConfig?.({ body: [1, { a: null }], status: 404, headers: { "x-a": 1 } }),
    [],
  );
});

it("refuses what is no HTTP status", () => {
  assert.equal(respondNode.checkConfig?.({ status: 99 })[0]?.field, "status");
});
