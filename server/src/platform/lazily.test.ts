import assert from "node:assert/strict";
import { test } from "node:test";
import { lazily } from "./lazily.ts";

test("made once, when it is first asked for", () => {
  let made = 0;
  const get = lazily(() => ++made);
  assert.equal(made, 0);
  assert.deepEqual([get(), get(), made], [1, 1, 1]);
});

test("undefined is a value, and a failure is not", () => {
  let asked = 0;
  const get = lazily(() => {
    asked += 1;
    if (asked === 1) throw new Error("not yet");
    return undefined;
  });
  assert.throws(get, /not yet/);
  assert.deepEqual([get(), get(), asked], [undefined, undefined, 2]);
});
