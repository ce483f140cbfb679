// Effect classes against real peers: Redis, PostgreSQL, Firestore, a mail server, HTTP. The peer has carried out what the
// step asked, its answer is on the way, and the worker is killed. What may be repeated is issued again under its key and
// is there once; what may not be repeated is there once too, and its outcome is unknown. (nodeMatrix.test.ts meets every
// node type in the middle; here it is the world that is looked at afterwards.)
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { JsonObject, RunActivity } from "@auraos/kernel";
import { type ActivityContext, findNodeType } from "@auraos/nodes";
import { mailServer } from "@auraos/nodes/email/testing/mailServer.ts";
import { startEmulator } from "@auraos/nodes/firestore/testing/emulator.ts";
import pg from "pg";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { overTcp } from "../testing/overTcp.ts";
import { redisServer, withoutRedis } from "../testing/redisServer.ts";
import { createWorkerPool } from "./pool.ts";
import { threadWorkers } from "./threadWorkers.fixture.ts";

const scratch = mkdtempSync(join(tmpdir(), "auraos-peers-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/**
 * A way to a peer on which the answer to one request never arrives: from the first `sign` in what is sent, nothing comes
 * back on that connection. `held` resolves when the peer has answered.
 */
async function lossyWay(to: number, sign: RegExp): Promise<{ port: number; held: Promise<void> }> {
  const sockets = new Set<Socket>();
  let isDone = false;
  let tell = () => {};
  const held = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const bridge = createServer((socket) => {
    const peer = connect(to, "127.0.0.1");
    for (const end of [socket, peer]) sockets.add(end.on("error", () => {}));
    let isSilent = false;
    let said = "";
    socket.on("data", (chunk) => {
      said = (said + chunk.toString("latin1")).slice(-65_536);
      if (!isDone && sign.test(said)) {
        isDone = true;
        isSilent = true;
      }
      peer.write(chunk);
    });
    peer.on("data", (chunk) => (isSilent ? tell() : socket.write(chunk)));
    socket.on("close", () => peer.destroy());
    peer.on("close", () => socket.destroy());
  });
  await new Promise<void>((resolve) => bridge.listen(0, "127.0.0.1", resolve));
  after(() => {
    for (const socket of sockets) socket.destroy();
    bridge.close();
  });
  return { port: (bridge.address() as AddressInfo).port, held };
}

type Trial = {
  type: string;
  config: (port: number) => JsonObject;
  peer: number;
  /** In what is sent: with it the peer does what cannot be taken back. */
  sign: RegExp;
  effect: "idempotent" | "once";
  /** How often it is there. */
  count(): Promise<number>;
};

async function prove({ type, config, peer, sign, effect, count }: Trial): Promise<void> {
  const way = await lossyWay(peer, sign);
  const given = config(way.port);
  const module = findNodeType(type);
  assert.deepEqual(module?.checkConfig?.(given), []);
  assert.equal(module?.effectOf?.(given) ?? module?.effect, effect);
  const pool = createWorkerPool({
    context: () => ({}) as ActivityContext,
    isLibrary: () => true,
    newId: () => crypto.randomUUID(),
    nowMs: Date.now,
    log: () => {},
    lostAfterMs: 60_000,
  });
  const threads = threadWorkers(pool, scratch, [`127.0.0.1:${way.port}`]);
  try {
    const first = await threads.join();
    const items = [{ json: { text: "x" } }];
    const activity: RunActivity = {
      ...{ type: "RunActivity", command: "c", run: "r", node: "n", nodeType: type, attempt: 1 },
      ...{ effect, confirm: false, key: `key of ${type}`, config: given, items, inputs: { main: items } },
      ...{ index: 0, timeoutMs: 600_000, nowMs: 1_767_225_600_000, seed: "s", zone: "UTC" },
    };
    const about = { orgId: "o", workflowId: "w", executionId: "e", mode: "production" as const };
    const outcome = pool.run(activity, about, new AbortController().signal);
    const ended = outcome.then((one) => {
      throw new Error(`it ended before it was killed: ${JSON.stringify(one)}`);
    });
    await Promise.race([way.held, ended]);
    ended.catch(() => {});
    assert.equal(await count(), 1, "the peer has done it");
    await first.kill();
    await threads.join();
    const end = await outcome;
    if (effect === "once") {
      assert.ok(end.kind === "failed");
      assert.deepEqual([end.failure.code, end.failure.certainty], ["WORKER_LOST", "unknown"]);
    } else assert.equal(end.kind, "succeeded", JSON.stringify(end));
    assert.equal(await count(), 1, "and it was not done twice");
  } finally {
    pool.close();
    await threads.end();
  }
}

// -- Redis ---------------------------------------------------------------------------------------------------------

const skip = withoutRedis();
const redis = skip === undefined ? await redisServer({ after }) : undefined;
const number = async (...words: string[]) =>
  Number(/\d+/.exec((await redis?.command(...words))?.split("\r\n").at(-1) ?? "")?.[0] ?? 0);

test("Redis, a guarded count: repeated under its key, counted once", { skip: skip ?? false }, () =>
  prove({
    type: "redis",
    config: (port) => ({
      connection: `redis://127.0.0.1:${port}`,
      operation: "increment",
      key: "visits",
      guardSeconds: 600,
    }),
    peer: redis?.port ?? 0,
    sign: /visits/,
    effect: "idempotent",
    count: () => number("GET", "visits"),
  }),
);

test("Redis, an entry without a guard: never sent again", { skip: skip ?? false }, () =>
  prove({
    type: "redis",
    config: (port) => ({
      connection: `redis://127.0.0.1:${port}`,
      operation: "listPush",
      key: "queue",
      value: "a",
    }),
    peer: redis?.port ?? 0,
    sign: /queue/,
    effect: "once",
    count: () => number("LLEN", "queue"),
  }),
);

// -- PostgreSQL ----------------------------------------------------------------------------------------------------

const { url } = await freshDatabase({ after });
async function ask(sql: string): Promise<{ n: string }[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
await ask("create table letters (id int primary key)");
await ask("create table payments (amount int)");
const tcp = new URL((await overTcp({ after }, url)).url);
const rows = (table: string) => async () => Number((await ask(`select count(*) as n from ${table}`))[0]?.n);
const postgres = (port: number, more: JsonObject): JsonObject => {
  const own = new URL(tcp);
  own.port = String(port);
  own.searchParams.set("sslmode", "disable");
  return { connection: own.href, ...more };
};

test("PostgreSQL, a statement that may be repeated: its row is there once", () =>
  prove({
    type: "postgres",
    config: (port) =>
      postgres(port, {
        access: "repeatable",
        sql: "insert into letters values ($1) on conflict do nothing",
        parameters: [7],
      }),
    peer: Number(tcp.port),
    sign: /COMMIT/,
    effect: "idempotent",
    count: rows("letters"),
  }));

test("PostgreSQL, a change: never sent again after its commit was sent", () =>
  prove({
    type: "postgres",
    config: (port) =>
      postgres(port, { access: "write", sql: "insert into payments values ($1)", parameters: [50] }),
    peer: Number(tcp.port),
    sign: /COMMIT/,
    effect: "once",
    count: rows("payments"),
  }));

// -- Firestore -----------------------------------------------------------------------------------------------------

const emulator = await startEmulator();
after(() => emulator.close());

test("Firestore, a document that is added: written again under the same id, there once", () =>
  prove({
    type: "firestore",
    config: (port) => ({
      project: "p",
      service: `http://127.0.0.1:${port}`,
      operation: "add",
      path: "events",
      data: { n: 1 },
    }),
    peer: emulator.port,
    sign: /POST .*:commit/,
    effect: "idempotent",
    async count() {
      const asked = await fetch(`${emulator.service}/v1/projects/p/databases/(default)/documents:runQuery`, {
        method: "POST",
        body: JSON.stringify({ structuredQuery: { from: [{ collectionId: "events" }] } }),
      });
      return ((await asked.json()) as { document?: object }[]).filter(({ document }) => document).length;
    },
  }));

// -- Mail ----------------------------------------------------------------------------------------------------------

const mail = await mailServer();
after(() => mail.close());

test("a mail: never sent again after the server has taken it", () =>
  prove({
    type: "email",
    config: (port) => ({
      ...{ host: "127.0.0.1", port, encryption: "none", subject: "Hello", text: "Hello" },
      ...{ from: "shop@example.com", to: "ada@example.com" },
    }),
    peer: mail.port,
    sign: /\r\n\.\r\n/,
    effect: "once",
    count: async () => mail.letters.length,
  }));

// -- HTTP ----------------------------------------------------------------------------------------------------------

const orders = new Set<string>();
let payments = 0;
const shop = createHttpServer((request, response) => {
  // As services with idempotency keys do: the same key is the same order.
  const key = request.headers["idempotency-key"];
  if (typeof key === "string") orders.add(key);
  else payments += 1;
  request.resume().on("end", () => response.end("{}"));
});
await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
after(() => {
  shop.closeAllConnections();
  shop.close();
});
const shopPort = (shop.address() as AddressInfo).port;

test("HTTP, a call with an idempotency key: sent again with the same one", () =>
  prove({
    type: "http",
    config: (port) => ({
      ...{ method: "POST", url: `http://127.0.0.1:${port}/orders`, body: { sku: "a" } },
      idempotencyHeader: "Idempotency-Key",
    }),
    peer: shopPort,
    sign: /POST \/orders/,
    effect: "idempotent",
    count: async () => orders.size,
  }));

test("HTTP, a call without one: never sent again", () =>
  prove({
    type: "http",
    config: (port) => ({ method: "POST", url: `http://127.0.0.1:${port}/payments`, body: { amount: 5 } }),
    peer: shopPort,
    sign: /POST \/payments/,
    effect: "once",
    count: async () => payments,
  }));
