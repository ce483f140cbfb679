// Ids of executions: UUIDv7 in time order, and one id per command of a parent however often it is asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIds } from "./ids.ts";

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("ids are UUIDv7, sort by time and do not repeat", () => {
  const ids = createIds();
  const made = Array.from({ length: 2_000 }, (_, n) => ids.execution(1_764_000_000_000 + n));
  assert.ok(made.every((id) => V7.test(id)));
  assert.deepEqual(made.toSorted(), made);
  assert.equal(new Set(Array.from({ length: 2_000 }, () => ids.execution(5))).size, 2_000);
});

test("a child's id follows from time and name alone", () => {
  const name = "parent/command/1";
  assert.equal(createIds().child(1_000, name), createIds().child(1_000, name));
  assert.notEqual(createIds().child(1_000, name), createIds().child(1_000, "parent/command/2"));
  assert.match(createIds().child(1_764_000_000_000, name), V7);
});
