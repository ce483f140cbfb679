import assert from "node:assert/strict";
import { it } from "node:test";
import { stopNode } from "./node.ts";

it("needs a message", () => {
  assert.equal(stopNode.checkConfig?.({ code: "X" })[0]?.field, "message");
});
