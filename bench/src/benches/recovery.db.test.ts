// The smallest run of the bench that needs everything: a real server, load from another process, a kill, the journal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { recovery } from "./recovery.ts";

test("the recovery bench runs, and finds nothing lost or done again", { timeout: 90_000 }, async () => {
  const figures = await recovery.run({ n: 20, note: () => {} });
  const value = (name: string) => figures.find(({ figure }) => figure === name)?.value;
  assert.deepEqual(
    { accepted: value("accepted"), lost: value("lost"), again: value("completed_run_again") },
    { accepted: 20, lost: 0, again: 0 },
  );
});
