// Two servers on one database: the second one reads, refuses what only a leader may do, is not ready, and takes over.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { assemble, type Running } from "./assemble.ts";
import { readSettings } from "./platform/settings.ts";
import { runningServer, testKey } from "./testing/runningServer.ts";

let standby: Running | undefined;
const dataDir = mkdtempSync(join(tmpdir(), "auraos-standby-"));
after(async () => {
  await standby?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
const leader = await runningServer({ after });

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(`${standby?.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, json: JSON.parse(await response.text()) };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not come about within 30 s");
}

test("a standby reads, refuses to start and to change what runs, and takes over when the leader has gone", async () => {
  const definition = {
    name: "handed over",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "hold", type: "wait", config: { for: "signal", signal: "go" } },
    ],
    connections: [{ from: "start", to: "hold" }],
  };
  const { id: workflow } = (await leader.call("POST", "/api/v1/workflows", definition)).json;
  const { id } = (await leader.call("POST", `/api/v1/workflows/${workflow}/execute`, { n: 1 })).json;

  const settings = readSettings({
    DATABASE_URL: leader.database.url,
    AURAOS_DATA: dataDir,
    // One root key for all servers of a database.
    AURAOS_VAULT_KEY: readFileSync(join(leader.settings.dataDir, "vault.keys"), "utf8").trim(),
    AURAOS_AUDIT_CHECKPOINTS: `${dataDir}/checkpoints`,
    AURAOS_LOG: "silent",
    AURAOS_DRAIN_SECONDS: "1",
    PORT: "0",
  });
  standby = await assemble(settings, { log: () => {}, checkReplies: true });
  assert.equal((await ask("GET", "/health/ready")).status, 503);
  assert.equal((await ask("GET", "/health/live")).status, 200);
  assert.equal((await ask("GET", `/api/v1/executions/${id}`)).json.status, "waiting");

  const refused = [
    await ask("POST", `/api/v1/workflows/${workflow}/execute`, { n: 2 }),
    await ask("POST", `/api/v1/executions/${id}/cancel`, {}),
  ];
  for (const { status, json, headers } of refused) {
    assert.deepEqual([status, json.code], [503, "ENGINE_NOT_LEADING"], JSON.stringify(json));
    assert.ok(Number(headers.get("retry-after")) > 0);
  }

  await leader.running.stop();
  await until(async () => (await ask("GET", "/health/ready")).status === 200);
  assert.equal((await ask("POST", `/api/v1/executions/${id}/signal`, { name: "go" })).status, 200);
  const ended = await ask("GET", `/api/v1/executions/${id}?wait=20`);
  assert.equal(ended.json.status, "succeeded");
});
