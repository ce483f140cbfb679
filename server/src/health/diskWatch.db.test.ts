// A disk that fills up: nothing new is started and it is said why; what runs is finished; with room it goes on by itself.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assemble } from "../assemble.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { waitsForSignal } from "../testing/workflows.ts";
import { createDiskWatch } from "./diskWatch.ts";

let free = 0.5;
const server = await runningServer({ after });
await server.running.stop();
server.running = await assemble(server.settings, {
  log: () => {},
  checkReplies: true,
  freeSpace: async () => free,
});
await until(async () => (await server.call("GET", "/health/ready")).status === 200);
const { json: workflow } = await server.call("POST", "/api/v1/workflows", waitsForSignal);
const execute = `/api/v1/workflows/${workflow.id}/execute`;

test("at 10 % nothing new begins, what runs is finished, and it resumes by itself", async () => {
  const { json: before } = await server.call("POST", execute, {});
  assert.ok(before.id);
  await fill(0.099);

  const refused = await server.call("POST", execute, {});
  assert.deepEqual([refused.status, refused.json.code], [507, "DISK_LIMIT"]);
  assert.match(refused.json.detail, /9\.9 % of the disk is free/);
  assert.match(refused.json.remedy, /AURAOS_DISK_FREE_PERCENT/);
  assert.equal(refused.headers.get("retry-after"), "30");

  const health = await server.call("GET", "/health/ready");
  assert.equal(health.status, 200);
  assert.equal(health.json.status, "degraded");
  assert.match(health.json.parts.disk.detail, /no new executions/);

  const signal = await server.call("POST", `/api/v1/executions/${before.id}/signal`, {
    name: "paid",
  });
  assert.ok(signal.status < 300, signal.text);
  await until(
    async () => (await server.call("GET", `/api/v1/executions/${before.id}`)).json.status === "succeeded",
  );

  const again = await server.call("POST", `/api/v1/executions/${before.id}/rerun`, {});
  assert.deepEqual([again.status, again.json.code], [507, "DISK_LIMIT"]);

  await fill(0.105);
  assert.equal(
    (await server.call("POST", execute, {})).status,
    507,
    "a little more than the limit is wanted",
  );
  await fill(0.12);
  assert.equal((await server.call("POST", execute, {})).status, 202);
  assert.equal((await server.call("GET", "/health/ready")).json.status, "ready");
});

test("with nothing left the server says that it is unavailable", async () => {
  await fill(0.01);
  const health = await server.call("GET", "/health/ready");
  assert.deepEqual([health.status, health.json.status], [503, "unavailable"]);
  await fill(0.5);
});

test("the fullest disk counts, one that cannot be read does not, and 0 turns it off", async () => {
  const read = async (folder: string) => {
    if (folder === "gone") throw new Error("no such folder");
    return { data: 0.4, cluster: 0.05 }[folder] ?? 1;
  };
  const watch = (folders: string[], freeMin: number) =>
    createDiskWatch({ folders, freeMin, read, log: () => {} });
  const both = watch(["data", "cluster", "gone"], 0.1);
  assert.deepEqual(await both.look(), { folder: "cluster", free: 0.05, isLow: true });
  const off = watch(["data", "cluster"], 0);
  assert.equal((await off.look())?.isLow, false);
  const blind = watch(["gone"], 0.1);
  assert.equal(await blind.look(), undefined);
  for (const one of [both, off, blind]) one.stop();
});

async function fill(share: number): Promise<void> {
  free = share;
  await server.running.deps.disk.look();
}
