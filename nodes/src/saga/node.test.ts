import assert from "node:assert/strict";
import { it } from "node:test";
import { sagaBlock } from "./node.ts";

it("takes only a result", () => {
  assert.deepEqual(sagaBlock.checkConfig?.({ result: "ship" }), []);
  assert.deepEqual(sagaBlock.ports, ["done"]);
});
