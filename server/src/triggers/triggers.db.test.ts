// Triggers that listen outside, with real peers: each receives, and loses nothing when the peer or the server dies.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { overTcp } from "../testing/overTcp.ts";
import { redisServer, withoutRedis } from "../testing/redisServer.ts";
import { runningServer, until } from "../testing/runningServer.ts";

const skip = withoutRedis();
const server = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: "127.0.0.1,localhost" });
const database = await overTcp({ after }, server.database.url);
const call = (method: string, path: string, body?: unknown) => server.call(method, path, body);

async function workflow(name: string, type: string, config: Record<string, unknown>): Promise<string> {
  const reply = await call("POST", "/api/v1/workflows?publish=1", {
    name,
    nodes: [{ id: "on", type, config }],
    connections: [],
  });
  assert.ok(reply.status < 300, reply.text);
  return reply.json.id;
}

// biome-ignore lint/suspicious/noExplicitAny: what an execution gave
async function outputs(id: string): Promise<any[]> {
  const found = [];
  for (let after = ""; ; ) {
    const { json } = await call("GET", `/api/v1/executions?workflow=${id}&limit=100${after}`);
    for (const one of json.items)
      if (one.status === "succeeded")
        found.push((await call("GET", `/api/v1/executions/${one.id}`)).json.output);
    if (json.next === undefined) return found;
    after = `&after=${json.next}`;
  }
}

async function triggerOf(id: string) {
  return (await call("GET", `/api/v1/triggers?workflow=${id}`)).json.items[0];
}

const listens = (id: string) => until(async () => (await triggerOf(id)).state === "listening", 20_000);

/** All of them, each exactly once. */
async function exactly(id: string, wanted: string[], idOf: (output: never) => string): Promise<void> {
  await until(async () => {
    const { matched, held } = (await call("GET", `/api/v1/events/subscriptions?workflow=${id}`)).json
      .items[0];
    return matched >= wanted.length && held === 0;
  }, 30_000);
  const found = await until(async () => {
    const all = await outputs(id);
    return all.length >= wanted.length && all;
  }, 20_000);
  assert.deepEqual(found.map((output) => idOf(output as never)).sort(), [...wanted].sort());
}

test("a Redis stream: killed and started again, nothing is lost and nothing comes twice", {
  skip,
}, async () => {
  const redis = await redisServer({ after });
  const config = { connection: redis.url, stream: "orders", group: "g" };
  const id = await workflow("redis stream", "trigger.redis", config);
  await listens(id);
  const add = (n: number) => redis.command("XADD", "orders", "*", "n", String(n));
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
  for (const n of numbers(1, 10)) await add(n);
  await redis.kill();
  await redis.start();
  for (const n of numbers(11, 20)) await add(n);
  await server.restart();
  for (const n of numbers(21, 25)) await add(n);
  await exactly(id, numbers(1, 25).map(String), (output: { fields: { n: string } }) => output.fields.n);
  await until(async () => (await redis.command("XPENDING", "orders", "g")).startsWith("*4\r\n:0"));
  const trigger = await triggerOf(id);
  assert.deepEqual([trigger.state, trigger.type, trigger.error], ["listening", "trigger.redis", null]);
  await redis.kill();
  const failing = await until(async () => {
    const found = await triggerOf(id);
    return found.state === "failing" && found;
  });
  assert.ok(failing.error.length > 5);
  await call("DELETE", `/api/v1/workflows/${id}`);
  assert.equal(await triggerOf(id), undefined);
});

test("Redis channels, by name and by pattern", { skip }, async () => {
  const redis = await redisServer({ after });
  const config = { connection: redis.url, kind: "channels", channels: ["news", "log.*"] };
  const id = await workflow("redis channels", "trigger.redis", config);
  await listens(id);
  await redis.command("PUBLISH", "news", '{"a":1}');
  await redis.command("PUBLISH", "log.x", "hello");
  await redis.command("PUBLISH", "other", "no");
  await exactly(id, ["log.x", "news"], (output: { channel: string }) => output.channel);
  const data = (await outputs(id)).find((one) => one.channel === "news").data;
  assert.deepEqual(data, { a: 1 });
});

test("new rows of a PostgreSQL table, also those that commit late, and while the connection is cut", async () => {
  const client = new pg.Client({ connectionString: server.database.url });
  const slow = new pg.Client({ connectionString: server.database.url });
  await Promise.all([client.connect(), slow.connect()]);
  try {
    await client.query("CREATE TABLE public.shop_orders (id int GENERATED ALWAYS AS IDENTITY, name text)");
    await client.query("INSERT INTO shop_orders (name) VALUES ('old')");
    const credential = await shop("Shop rows");
    const config = {
      credential,
      table: "public.shop_orders",
      column: "id",
      everySeconds: 0.2,
    };
    const id = await workflow("rows", "trigger.postgres", config);
    await listens(id);
    const add = (on: pg.Client, name: string) =>
      on.query("INSERT INTO shop_orders (name) VALUES ($1)", [name]);
    await slow.query("BEGIN");
    await add(slow, "late");
    await add(client, "early");
    await exactly(id, ["early"], (output: { name: string }) => output.name);
    await slow.query("COMMIT");
    database.cut();
    await add(client, "cut");
    await until(async () => (await triggerOf(id)).state === "failing");
    database.open();
    await exactly(id, ["cut", "early", "late"], (output: { name: string }) => output.name);
    await server.restart();
    await add(client, "again");
    await exactly(id, ["again", "cut", "early", "late"], (output: { name: string }) => output.name);
  } finally {
    await Promise.all([client.end(), slow.end()]);
  }
});

/** The database as a connection; gives its name. */
async function shop(name: string): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(database.url);
  const values = {
    ...{ host: hostname, port: Number(port), user: username, password: decodeURIComponent(password) },
    ...{ database: pathname.slice(1), encryption: "none" },
  };
  const made = await call("POST", "/api/v1/connections", { name, type: "postgres", values });
  assert.equal(made.status, 201, made.text);
  return name;
}

test("NOTIFY on a channel", async () => {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  try {
    const credential = await shop("Shop");
    const config = { credential, kind: "listen", channel: "shop news" };
    const id = await workflow("notify", "trigger.postgres", config);
    await listens(id);
    await client.query(`NOTIFY "shop news", '{"open":true}'`);
    await until(async () => (await outputs(id)).length === 1);
    const [output] = await outputs(id);
    assert.deepEqual([output.channel, output.data], ["shop news", { open: true }]);
  } finally {
    await client.end();
  }
});

test("a file that appears in the file area", async () => {
  const id = await workflow("files", "trigger.file", { names: "*.csv", everySeconds: 0.2 });
  await listens(id);
  writeFileSync(join(server.settings.filesDir, "a.csv"), "1,2");
  await exactly(id, ["a.csv"], (output: { name: string }) => output.name);
});

test("settings that cannot work are told, and tried again", async () => {
  const config = { connection: "redis://127.0.0.1:1", stream: "x" };
  const id = await workflow("no redis", "trigger.redis", config);
  const failing = await until(async () => {
    const found = await triggerOf(id);
    return found.failures > 1 && found;
  });
  assert.equal(failing.state, "failing");
});
