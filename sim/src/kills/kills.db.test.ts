// A few real kills in every test run; `npm run prove` does a hundred.
import assert from "node:assert/strict";
import { test } from "node:test";
import { proveFiftyNodes } from "./proveFiftyNodes.ts";
import { proveKills } from "./proveKills.ts";
import { proveWorkers } from "./proveWorkers.ts";

const quiet = () => {};

test("nothing is lost, done twice or illegal after five kills", { timeout: 400_000 }, async () => {
  const { lost, duplicated, illegal, accepted, seed } = await proveKills(5, { say: quiet });
  assert.deepEqual({ seed, lost, duplicated, illegal }, { seed, lost: [], duplicated: [], illegal: [] });
  assert.ok(accepted > 20, `only ${accepted} executions were accepted`);
});

test("fifty nodes give their exact output, killed or not", { timeout: 400_000 }, async () => {
  const { lost, duplicated, illegal, exact } = await proveFiftyNodes(6, 2, { say: quiet });
  assert.deepEqual({ lost, duplicated, illegal }, { lost: [], duplicated: [], illegal: [] });
  assert.equal(exact, 6);
});

test("workers that are killed at work: every execution ends, and no effect is done twice", {
  timeout: 400_000,
}, async () => {
  const { lost, duplicated, illegal, accepted, busy } = await proveWorkers(5, { say: quiet });
  assert.deepEqual({ lost, duplicated, illegal }, { lost: [], duplicated: [], illegal: [] });
  assert.ok(accepted > 0 && busy > 0, `${accepted} accepted, ${busy} killed at work`);
});
