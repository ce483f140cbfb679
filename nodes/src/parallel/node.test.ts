import assert from "node:assert/strict";
import { it } from "node:test";
import { parallelBlock } from "./node.ts";

it("takes only a result", () => {
  assert.deepEqual(parallelBlock.checkConfig?.({ result: "join" }), []);
  assert.match(parallelBlock.checkConfig?.({ results: "join" })[0]?.remedy ?? "", /"result"/);
});
