import assert from "node:assert/strict";
import { it } from "node:test";
import { tryBlock } from "./node.ts";

it("takes only a result", () => {
  assert.deepEqual(tryBlock.checkConfig?.({ result: "last" }), []);
  assert.equal(tryBlock.checkConfig?.({ result: 1 })[0]?.message, `"result": must be text.`);
});
