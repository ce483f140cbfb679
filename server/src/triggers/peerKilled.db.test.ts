// Peers that are killed (SIGKILL, a PostgreSQL of its own and a Redis) and come back while triggers listen to them: what was
// durable there starts an execution exactly once; where the peer itself keeps nothing (NOTIFY, channels), listening goes on.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { startDatabase } from "../platform/postgres/startDatabase.ts";
import { overTcp } from "../testing/overTcp.ts";
import { redisServer, withoutRedis } from "../testing/redisServer.ts";
import { runningServer, until } from "../testing/runningServer.ts";

const dataDir = mkdtempSync(join(tmpdir(), "auraos-peer-"));
chmodSync(dataDir, 0o711);
const peer = await startDatabase({ dataDir: join(dataDir, "peer"), log: () => {} });
after(async () => {
  await peer.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
const server = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: "127.0.0.1,localhost" });
const database = await overTcp({ after }, peer.url);
const { call } = server;

{
  const { hostname, port, username, password, pathname } = new URL(database.url);
  const values = {
    ...{ host: hostname, port: Number(port), user: decodeURIComponent(username) },
    ...{ password: decodeURIComponent(password), database: pathname.slice(1), encryption: "none" },
  };
  const made = await call("POST", "/api/v1/connections", { name: "Peer", type: "postgres", values });
  assert.equal(made.status, 201, made.text);
}

/** On a connection of its own: the one before may have died with the server. */
async function query(text: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: peer.url });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(text, values);
  } finally {
    await client.end().catch(() => {});
  }
}

async function kill(): Promise<void> {
  const pid = peer.pid();
  assert.ok(pid);
  process.kill(pid, "SIGKILL");
  await until(async () => peer.pid() !== undefined && peer.pid() !== pid, 30_000);
  await until(
    async () =>
      query("SELECT 1").then(
        () => true,
        () => false,
      ),
    30_000,
  );
}

async function workflow(name: string, type: string, config: object): Promise<string> {
  const nodes = [{ id: "on", type, config }];
  const made = await call("POST", "/api/v1/workflows?publish=1", { name, nodes, connections: [] });
  assert.ok(made.status < 300, made.text);
  return made.json.id;
}

const triggerOf = async (id: string) => (await call("GET", `/api/v1/triggers?workflow=${id}`)).json.items[0];
const listens = (id: string) => until(async () => (await triggerOf(id))?.state === "listening", 30_000);

// biome-ignore lint/suspicious/noExplicitAny: what an execution gave
async function outputs(id: string): Promise<any[]> {
  const { json } = await call("GET", `/api/v1/executions?workflow=${id}&limit=100&status=succeeded`);
  const shown = json.items.map((one: { id: string }) => call("GET", `/api/v1/executions/${one.id}`));
  return (await Promise.all(shown)).map((reply) => reply.json.output);
}

test("rows of a PostgreSQL that is killed twice, and of a server that is restarted in between: each once", async () => {
  await query("CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY, name text)");
  const config = { credential: "Peer", table: "orders", column: "id", everySeconds: 0.2 };
  const id = await workflow("rows of a peer", "trigger.postgres", config);
  await listens(id);
  const wanted: string[] = [];
  const add = async (count: number) => {
    const names = Array.from({ length: count }, (_, at) => `row ${wanted.length + at + 1}`);
    await query("INSERT INTO orders (name) SELECT unnest($1::text[])", [names]);
    wanted.push(...names);
  };
  await add(10);
  await kill();
  await add(10);
  await server.restart();
  await add(5);
  await kill();
  await add(5);
  await until(async () => (await outputs(id)).length >= wanted.length, 30_000);
  assert.deepEqual((await outputs(id)).map(({ name }) => name).toSorted(), wanted.toSorted());
  await listens(id);
});

test("NOTIFY of a PostgreSQL that is killed: listened to again as soon as it is back", async () => {
  const config = { credential: "Peer", kind: "listen", channel: "news" };
  const id = await workflow("news of a peer", "trigger.postgres", config);
  await listens(id);
  await query("SELECT pg_notify('news', 'before')");
  await until(async () => (await outputs(id)).length === 1);
  await kill();
  // What is told while nobody listens is lost by nature, so it is told until somebody does.
  await until(async () => {
    await query("SELECT pg_notify('news', 'after')");
    return (await outputs(id)).some(({ payload }) => payload === "after");
  }, 30_000);
});

test("channels of a Redis that is killed: listened to again as soon as it is back", {
  skip: withoutRedis(),
}, async () => {
  const redis = await redisServer({ after });
  const config = { connection: redis.url, kind: "channels", channels: ["news"] };
  const id = await workflow("channels of a peer", "trigger.redis", config);
  await listens(id);
  await redis.command("PUBLISH", "news", "before");
  await until(async () => (await outputs(id)).length === 1);
  await redis.kill();
  await redis.start();
  await until(async () => {
    await redis.command("PUBLISH", "news", "after");
    return (await outputs(id)).some(({ message }) => message === "after");
  }, 30_000);
});
