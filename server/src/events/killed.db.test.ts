// The server is killed in the middle of publishing and routing, several times: every event that was acknowledged starts
// exactly one execution, and those of one key keep their order.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { migrate } from "../migrations/migrate.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { openedBodies } from "../testing/openedBodies.ts";
import { testKey, until } from "../testing/runningServer.ts";

const dataDir = mkdtempSync(join(tmpdir(), "auraos-killed-"));
let child: ChildProcess | undefined;
after(async () => {
  await kill();
  rmSync(dataDir, { recursive: true, force: true });
});
const database = await freshDatabase({ after }, migrate);
let url = "";

async function start(): Promise<void> {
  rmSync(join(dataDir, "server.json"), { force: true });
  child = spawn(process.execPath, [join(import.meta.dirname, "../../bin/auraos.mjs"), "start"], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      AURAOS_DATA: dataDir,
      AURAOS_AUDIT_CHECKPOINTS: `${dataDir}/checkpoints`,
      AURAOS_API_KEY: testKey,
      AURAOS_LOG: "silent",
      AURAOS_WORKERS: "0",
      PORT: "0",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const note = join(dataDir, "server.json");
  await until(async () => existsSync(note) && readFileSync(note, "utf8").includes('"pid"'), 180_000);
  url = JSON.parse(readFileSync(note, "utf8")).url;
  await until(
    async () => (await fetch(`${url}/health/ready`).catch(() => undefined))?.status === 200,
    180_000,
  );
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function call(path: string, body: unknown): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

const workflow = (name: string, config: object) => ({
  name,
  nodes: [{ id: "on", type: "trigger.event", config: { types: ["k.x"], ...config } }],
  connections: [],
});

test("killed twice: nothing acknowledged is lost, nothing starts twice, keys keep their order", async () => {
  await start();
  for (const definition of [
    workflow("each", {}),
    workflow("ordered", { key: "{{ $json.data.k }}", flow: "ordered" }),
    workflow("batch", { flow: "batch", size: 7, waitSeconds: 0.3 }),
  ])
    assert.equal((await call("/api/v1/workflows?publish=1", definition)).status, 201);
  const acknowledged = new Set<string>();
  const sent = new Set<string>();
  for (let round = 0; round < 3; round += 1) {
    const batches = Array.from({ length: 12 }, (_, batch) =>
      Array.from({ length: 5 }, (_, at) => `${round}-${String(batch).padStart(2, "0")}-${at}`),
    );
    for (const ids of batches) for (const id of ids) sent.add(id);
    const work = (async () => {
      for (const ids of batches) {
        const events = ids.map((id) => ({
          id,
          source: "/k",
          type: "k.x",
          data: { k: `k${Number(id.at(-1)) % 3}` },
        }));
        // An answer that does not come says nothing; asked again, a known event is known.
        const { status } = await call("/api/v1/events", events);
        if (status === 202) for (const id of ids) acknowledged.add(id);
      }
    })().catch(() => {});
    if (round === 2) await work;
    else {
      await until(async () => acknowledged.size >= round * 20 + 15, 30_000);
      await kill();
      await work;
      await start();
    }
  }
  assert.ok(acknowledged.size >= 50);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const idsOf = async (name: string) => {
      const executions = await openedBodies(client, dataDir).executions();
      const ended = executions.filter((one) => one.workflow === name && one.status === "succeeded");
      return ended.map(({ input }) =>
        [JSON.parse(input ?? "[]") as { id: string }[]].flat().map(({ id }) => id),
      );
    };
    const stored = await client.query<{ id: string; k: string }>(
      "SELECT event_id AS id, body::json->'data'->>'k' AS k FROM events WHERE type = 'k.x' ORDER BY position",
    );
    const wanted = stored.rows.map(({ id }) => id);
    for (const id of acknowledged) assert.ok(wanted.includes(id), `${id} was acknowledged and is gone`);
    for (const id of wanted) assert.ok(sent.has(id));
    for (const name of ["each", "ordered", "batch"]) {
      await until(async () => (await idsOf(name)).flat().length >= wanted.length, 60_000);
      assert.deepEqual((await idsOf(name)).flat().sort(), [...wanted].sort(), name);
    }
    const order = (await idsOf("ordered")).flat();
    for (const key of ["k0", "k1", "k2"]) {
      const own = stored.rows.filter(({ k }) => k === key).map(({ id }) => id);
      assert.deepEqual(
        order.filter((id) => own.includes(id)),
        own,
        key,
      );
    }
    const { rows } = await client.query("SELECT count(*) AS held FROM event_held");
    await until(async () => (await client.query("SELECT 1 FROM event_held")).rowCount === 0, 20_000).catch(
      () => assert.fail(`${rows[0].held} events are still held`),
    );
  } finally {
    await client.end();
  }
});
