import assert from "node:assert/strict";
import { it } from "node:test";
import { whileBlock } from "./node.ts";

const check = whileBlock.checkConfig ?? (() => []);

it("needs a bound", () => {
  assert.deepEqual(
    check({ condition: "{{ $json.more }}" }).map((problem) => [problem.field, problem.code]),
    [["maxIterations", "FIELD_MISSING"]],
  );
});

it("notices a condition without braces", () => {
  assert.match(
    check({ condition: "$json.more", maxIterations: 3 })[0]?.remedy ?? "",
    /\{\{ \$json\.more \}\}/,
  );
});
