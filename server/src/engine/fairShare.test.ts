import assert from "node:assert/strict";
import { test } from "node:test";
import { inTurns } from "./fairShare.ts";

const orgOf = (item: string): string => item[0] ?? "";

test("organizations take turns, each in its own order", () => {
  assert.deepEqual(inTurns(["a1", "a2", "a3", "a4", "b1", "c1", "c2"], orgOf), [
    ...["a1", "b1", "c1", "a2", "c2", "a3", "a4"],
  ]);
  assert.deepEqual(inTurns([], orgOf), []);
});

test("one organization alone costs nothing", () => {
  const items = ["a1", "a2"];
  assert.equal(inTurns(items, orgOf), items);
});
