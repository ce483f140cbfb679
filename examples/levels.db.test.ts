// The scripts of the levels, run as a person runs them, against a real server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { runningServer, testKey } from "@auraos/server/testing/runningServer.ts";

const server = await runningServer({ after });
const environment = { ...process.env, AURAOS_URL: server.running.url, AURAOS_KEY: testKey };

for (const [script, said] of [
  ["simpleTask", "simple task: 19 + 4 + 19 = 42"],
  ["scheduledOperation", "scheduled operation: ran for"],
  ["linearWorkflow", "linear workflow: 4 x 25 and a fifth of tax are 120"],
  ["ruleBasedAction", "rule-based action: ask a person; ship at once; ask for payment first"],
] as const)
  test(script, async () => {
    const file = join(import.meta.dirname, "levels", `${script}.mjs`);
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env: environment });
    assert.ok(stdout.startsWith(said), stdout);
  });
