// Commands and addresses without a server, then everything on a real one (redis-server), started here on a port of its
// own. Without that program the tests are skipped, unless AURAOS_PEERS=1 says that it must be there.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Json, JsonObject } from "@auraos/kernel";
import { failureOf, firstOf, runNode } from "../testing.ts";
import { closeClients } from "./clients.ts";
import { redisNode } from "./node.ts";
import { targetOf } from "./target.ts";

describe("without a server", () => {
  it("reads the address part by part, and never shows it", async () => {
    assert.deepEqual(targetOf("rediss://ada:p%40ss@cache.example:6380/3"), {
      ...{ host: "cache.example", port: 6380, user: "ada", password: "p@ss", database: 3, isEncrypted: true },
    });
    const short = targetOf("redis://[::1]");
    assert.deepEqual([short.host, short.port, short.user, short.database], ["::1", 6379, undefined, 0]);
    for (const text of [
      "http://a:hidden@h",
      "redis:///x?password=hidden",
      "redis://a:hidden@h/x",
      "redis://a:%hidden@h",
    ]) {
      const failure = await failureOf(() => targetOf(text));
      assert.equal(failure.field, "connection", text);
      assert.ok(!failure.message.includes("hidden"), text);
    }
  });

  it("has effects by its operation, and asks for what that needs", () => {
    const effect = (config: JsonObject) => redisNode.effectOf?.(config);
    assert.equal(effect({ operation: "get" }), "read");
    assert.equal(effect({ operation: "set" }), "idempotent");
    assert.equal(effect({ operation: "set", onlyIf: "missing" }), "once");
    for (const operation of ["increment", "listPush", "listPop", "publish", "streamAdd", "{{ $json.x }}"]) {
      assert.equal(effect({ operation }), "once", operation);
      assert.equal(effect({ operation, guardSeconds: 60 }), "idempotent", operation);
    }
    const field = (config: JsonObject) =>
      redisNode.checkConfig?.({ connection: "redis://h", key: "k", ...config })[0]?.field;
    assert.equal(field({ operation: "set" }), "value");
    assert.equal(field({ operation: "expire" }), "seconds");
    assert.equal(field({ operation: "streamAdd" }), "fields");
    assert.equal(field({ operation: "get", guardSeconds: 60 }), "guardSeconds");
    assert.equal(field({ operation: "get" }), undefined);
  });

  it("says that nobody is there, and that nothing was done", async () => {
    const failure = await failureOf(() =>
      runNode(redisNode, { config: { connection: `redis://127.0.0.1:${1}`, operation: "get", key: "a" } }),
    );
    assert.deepEqual(
      [failure.code, failure.class, failure.retryable, failure.certainty],
      ["REDIS_CONNECTION", "network", true, "notDone"],
    );
  });

  it("says that the outcome is unknown when the line drops after the command, or there is no answer", async () => {
    let received = "";
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (data) => {
        received += data;
        if (/INCRBY/.test(received)) {
          if (received.includes("drop")) socket.destroy();
        } else socket.write("+OK\r\n");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const config = (key: string, timeoutSeconds: number) => ({
      connection: `redis://127.0.0.1:${port}`,
      operation: "increment",
      key,
      timeoutSeconds,
    });
    const dropped = await failureOf(() => runNode(redisNode, { config: config("drop", 30) }));
    assert.deepEqual([dropped.code, dropped.certainty], ["REDIS_CONNECTION", "unknown"]);
    received = "";
    const silent = await failureOf(() => runNode(redisNode, { config: config("silent", 1) }));
    assert.deepEqual([silent.code, silent.class, silent.certainty], ["REDIS_TIMEOUT", "timeout", "unknown"]);
    closeClients();
    server.close();
  });
});

const isThere = spawnSync("redis-server", ["--version"]).status === 0;
const skip = !isThere && process.env.AURAOS_PEERS !== "1" ? "redis-server is not installed" : false;

describe("a real server", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auraos-redis-"));
  let server: ChildProcess | undefined;
  let connection = "";

  before(async () => {
    const port = await freePort();
    server = spawn(
      "redis-server",
      [
        "--port",
        String(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--requirepass",
        "secret-of-redis",
        "--dir",
        folder,
      ],
      { stdio: "ignore" },
    );
    connection = `redis://:secret-of-redis@127.0.0.1:${port}/0`;
    for (let attempt = 0; ; attempt += 1) {
      const end = await run({ operation: "get", key: "x" }).then(
        () => true,
        (error: unknown) => error,
      );
      if (end === true) break;
      if (attempt > 2_000) throw end;
      await delay(25);
    }
  });
  after(async () => {
    closeClients();
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server?.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(config: JsonObject, key = "key-1"): Promise<Json | undefined> {
    const outputs = await runNode(
      redisNode,
      { config: { connection, ...config } },
      {},
      { idempotencyKey: key },
    );
    return firstOf(outputs).value;
  }

  it("sets, gets, expires and deletes", async () => {
    assert.equal(await run({ operation: "set", key: "a", value: "text ✓" }), true);
    assert.equal(await run({ operation: "get", key: "a" }), "text ✓");
    assert.equal(await run({ operation: "set", key: "j", value: { n: [1, null] } }), true);
    assert.deepEqual(await run({ operation: "get", key: "j", json: true }), { n: [1, null] });
    assert.equal(await run({ operation: "get", key: "j" }), '{"n":[1,null]}');
    assert.equal(await run({ operation: "get", key: "nothing" }), null);
    assert.equal(await run({ operation: "set", key: "a", value: "b", onlyIf: "missing" }), false);
    assert.equal(await run({ operation: "set", key: "c", value: "b", onlyIf: "exists" }), false);
    assert.equal(await run({ operation: "set", key: "short", value: 1, seconds: 0.05 }), true);
    for (let attempt = 0; (await run({ operation: "exists", key: "short" })) === true; attempt += 1) {
      assert.ok(attempt < 1_500);
      await delay(20);
    }
    assert.equal(await run({ operation: "expire", key: "a", seconds: 100 }), true);
    assert.equal(await run({ operation: "delete", key: "a" }), true);
    assert.equal(await run({ operation: "delete", key: "a" }), false);
    const wrong = await failureOf(() =>
      run({ operation: "get", key: "k", json: true, value: 1 })
        .then(() => run({ operation: "set", key: "k", value: "{" }))
        .then(() => run({ operation: "get", key: "k", json: true })),
    );
    assert.equal(wrong.code, "DATA_INVALID");
  });

  it("counts, in whole and in parts", async () => {
    assert.equal(await run({ operation: "increment", key: "n" }), 1);
    assert.equal(await run({ operation: "increment", key: "n", by: -3 }), -2);
    assert.equal(await run({ operation: "increment", key: "f", by: 0.5 }), 0.5);
    await run({ operation: "set", key: "t", value: "x" });
    const wrong = await failureOf(() => run({ operation: "increment", key: "t" }));
    assert.deepEqual([wrong.code, wrong.class, wrong.certainty], ["REDIS_ERR", "data", "notDone"]);
  });

  it("keeps hashes, lists and sets", async () => {
    assert.equal(await run({ operation: "hashSet", key: "h", fields: { name: "Ada", tags: ["x"] } }), 2);
    assert.deepEqual(await run({ operation: "hashGet", key: "h" }), { name: "Ada", tags: '["x"]' });
    assert.deepEqual(await run({ operation: "hashGet", key: "h", names: ["tags", "none"], json: true }), {
      tags: ["x"],
      none: null,
    });
    assert.equal(await run({ operation: "hashDelete", key: "h", names: ["tags"] }), 1);
    assert.equal(await run({ operation: "listPush", key: "l", value: ["a", "b", "c"] }), 3);
    assert.equal(await run({ operation: "listPush", key: "l", value: "z", side: "left" }), 4);
    assert.deepEqual(await run({ operation: "listRange", key: "l" }), ["z", "a", "b", "c"]);
    assert.equal(await run({ operation: "listPop", key: "l" }), "c");
    assert.deepEqual(await run({ operation: "listPop", key: "l", count: 9, side: "left" }), ["z", "a", "b"]);
    assert.equal(await run({ operation: "listPop", key: "l" }), null);
    assert.equal(await run({ operation: "setAdd", key: "s", value: ["a", "b", "a"] }), 2);
    assert.equal(await run({ operation: "setRemove", key: "s", value: "b" }), 1);
    assert.deepEqual(await run({ operation: "setMembers", key: "s" }), ["a"]);
    const wrong = await failureOf(() => run({ operation: "get", key: "s" }));
    assert.deepEqual([wrong.code, wrong.class], ["REDIS_WRONGTYPE", "data"]);
  });

  it("publishes, and keeps streams that are read on from a place", async () => {
    assert.equal(await run({ operation: "publish", key: "news", value: { a: 1 } }), 0);
    const first = await run({ operation: "streamAdd", key: "st", fields: { order: 1 }, lengthMax: 1000 });
    await run({ operation: "streamAdd", key: "st", fields: { order: 2, note: "x y" } });
    const all = (await run({ operation: "streamRead", key: "st", count: 10 })) as { fields: Json }[];
    assert.deepEqual(
      all.map(({ fields }) => fields),
      [{ order: "1" }, { order: "2", note: "x y" }],
    );
    const rest = (await run({ operation: "streamRead", key: "st", count: 10, after: first ?? "" })) as Json[];
    assert.equal(rest.length, 1);
  });

  it("does guarded work once per effect, with the same reply each time", async () => {
    const guard = { guardSeconds: 60 };
    const count = (key: string) => run({ operation: "increment", key: "g", ...guard }, key);
    assert.deepEqual(await Promise.all([count("k1"), count("k1"), count("k1")]), [1, 1, 1]);
    assert.equal(await count("k2"), 2);
    await run({ operation: "listPush", key: "gl", value: "only" });
    assert.deepEqual(
      await Promise.all([1, 2].map(() => run({ operation: "listPop", key: "gl", ...guard }, "k3"))),
      ["only", "only"],
    );
    assert.equal(await run({ operation: "listPop", key: "gl", ...guard }, "k4"), null);
    const set = () => run({ operation: "set", key: "gs", value: "x", onlyIf: "missing", ...guard }, "k5");
    assert.deepEqual([await set(), await set()], [true, true]);
    const id = () => run({ operation: "streamAdd", key: "gst", fields: { a: 1 }, ...guard }, "k6");
    assert.equal(await id(), await id());
    await run({ operation: "set", key: "gt", value: "x" });
    const wrong = await failureOf(() => run({ operation: "increment", key: "gt", ...guard }, "k7"));
    assert.equal(wrong.certainty, "notDone");
  });

  it("is refused with a wrong password, without showing it; and goes on with the right one", async () => {
    const wrongOne = connection.replace("secret-of-redis", "hidden-password");
    const failure = await failureOf(() => run({ operation: "get", key: "a", connection: wrongOne }));
    assert.deepEqual([failure.code, failure.class, failure.retryable], ["REDIS_WRONGPASS", "auth", false]);
    assert.ok(!JSON.stringify(failure).includes("hidden"));
    const without = await failureOf(() =>
      run({ operation: "get", key: "a", connection: connection.replace(":secret-of-redis@", "") }),
    );
    assert.equal(without.code, "REDIS_NOAUTH");
    assert.equal(await run({ operation: "exists", key: "none" }), false);
  });

  it("ends when it is cancelled, and serves many at once on one connection", async () => {
    const signal = AbortSignal.abort();
    const failure = await failureOf(() =>
      runNode(redisNode, { config: { connection, operation: "get", key: "a" } }, { signal }),
    );
    assert.deepEqual([failure.code, failure.certainty], ["CANCELLED", "notDone"]);
    const replies = await Promise.all(
      Array.from({ length: 200 }, () => run({ operation: "increment", key: "many" })),
    );
    assert.equal(new Set(replies).size, 200);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
