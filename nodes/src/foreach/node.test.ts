import assert from "node:assert/strict";
import { it } from "node:test";
import { foreachBlock } from "./node.ts";

const check = foreachBlock.checkConfig ?? (() => []);

it("takes a list, a template for it, or nothing", () => {
  assert.deepEqual(check({}), []);
  assert.deepEqual(check({ items: "{{ $json.lines }}", concurrency: "{{ $vars.width }}" }), []);
  assert.deepEqual(check({ items: [1, 2] }), []);
});

it("refuses batches of nothing and unknown modes", () => {
  assert.deepEqual(
    check({ batchSize: 0, onError: "ignore" }).map((problem) => problem.message),
    [`"batchSize": must be at least 1.`, `"onError": must be "stop" or "continue" or "collect".`],
  );
});
