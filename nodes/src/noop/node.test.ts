import assert from "node:assert/strict";
import { it } from "node:test";
import { evaluateNode } from "../testing.ts";
import { noopNode } from "./node.ts";

it("passes items on as they are", () => {
  const item = {
    json: { a: 1 },
    files: { data: { blob: "b", name: "n", mimeType: "text/plain", bytes: 1 } },
  };
  assert.deepEqual(evaluateNode(noopNode, { items: [item, 2] }), {
    main: { items: [item, { json: 2 }], lineage: "same" },
  });
});
