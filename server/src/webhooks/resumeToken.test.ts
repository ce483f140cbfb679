import assert from "node:assert/strict";
import { test } from "node:test";
import { createResumeTokens } from "./resumeToken.ts";

const tokens = createResumeTokens(Buffer.alloc(32, 7));
const executionId = "0190a000-0000-7000-8000-00000000abcd";

test("a token names its wait and nothing else opens it", () => {
  const token = tokens.make(executionId, "loop#3/wait~2");
  assert.deepEqual(tokens.read(token), { executionId, wait: "loop#3/wait~2" });
  assert.equal(createResumeTokens(Buffer.alloc(32, 8)).read(token), undefined);
  for (let place = 0; place < token.length; place += 7) {
    const other = token[place] === "A" ? "B" : "A";
    const changed = token.slice(0, place) + other + token.slice(place + 1);
    const read = tokens.read(changed);
    assert.ok(read === undefined || changed === token, `place ${place}`);
  }
  assert.equal(tokens.read(""), undefined);
  assert.equal(tokens.read("../../etc/passwd"), undefined);
});
