// Without a database; against a real one: server/src/activities/postgresNode.db.test.ts.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, describe, it } from "node:test";
import { failureOf, runNode } from "../testing.ts";
import { databaseFailure } from "./failure.ts";
import { postgresNode } from "./node.ts";
import { targetOf } from "./target.ts";
import { parserOf, toJson } from "./values.ts";

describe("the address", () => {
  it("is read part by part", () => {
    assert.deepEqual(targetOf("postgres://ada:p%40ss@db.example:5433/shop?sslmode=require", undefined), {
      host: "db.example",
      port: 5433,
      user: "ada",
      password: "p@ss",
      database: "shop",
      encryption: "encrypt",
    });
    const short = targetOf("postgresql://ada@[::1]", "none");
    assert.deepEqual(
      [short.host, short.port, short.database, short.encryption],
      ["::1", 5432, "ada", "none"],
    );
    assert.equal(targetOf("postgresql://a@b/c", undefined).encryption, "verify");
  });

  it("cannot name files or sockets of this machine, and is never shown", async () => {
    for (const text of [
      "postgres://a:hidden@h/d?sslkey=/etc/passwd",
      "postgres://a:hidden@h/d?host=/var/run",
      "postgres:///d?user=hidden",
      "socket:/tmp/hidden",
      "http://a:hidden@h/d",
    ]) {
      const failure = await failureOf(() => targetOf(text, undefined));
      assert.equal(failure.field, "connection", text);
      assert.ok(!failure.message.includes("hidden"), text);
    }
  });
});

describe("values", () => {
  it("stay exact and have no zone of this machine", () => {
    const parse = (oid: number, text: string) => parserOf(oid)(text);
    assert.equal(parse(20, "42"), 42);
    assert.equal(parse(20, "9007199254740993"), "9007199254740993");
    assert.equal(parse(1700, "1.10"), "1.10");
    assert.equal(parse(1082, "2026-01-02"), "2026-01-02");
    assert.equal(parse(1114, "2026-01-02 03:04:05.678"), "2026-01-02T03:04:05.678");
    assert.equal(parse(1184, "2026-01-02 03:04:05+02"), "2026-01-02T01:04:05.000Z");
    assert.equal(parse(1184, "infinity"), "infinity");
    assert.equal(parse(17, "\\x6162"), "YWI=");
    assert.deepEqual(parse(1185, '{"2026-01-02 03:04:05+00",NULL}'), ["2026-01-02T03:04:05.000Z", null]);
    assert.deepEqual(toJson({ a: Number.NaN, b: new Date(0), c: [undefined] }), {
      a: "NaN",
      b: "1970-01-01T00:00:00.000Z",
      c: [null],
    });
  });
});

it("says what an error means", () => {
  const failure = (code: string, isOpen = false, message = "x") =>
    databaseFailure(Object.assign(new Error(message), { code }), isOpen).failure;
  assert.deepEqual([failure("42P01").class, failure("42P01").certainty], ["client", "notDone"]);
  assert.deepEqual([failure("40001", true).retryable, failure("40001", true).certainty], [true, "notDone"]);
  assert.equal(failure("ECONNRESET", true).certainty, "unknown");
  assert.equal(failure("", false, "The server does not support SSL connections").field, "encryption");
});

it("has effects by its access, and checks parameters", () => {
  const effect = (access?: string) => postgresNode.effectOf?.(access === undefined ? {} : { access });
  assert.deepEqual(
    [effect(), effect("write"), effect("repeatable"), effect("{{ $json.x }}")],
    ["read", "once", "idempotent", "once"],
  );
  const problem = (sql: string, parameters?: string[]) =>
    postgresNode.checkConfig?.({
      connection: "postgres://a@b",
      sql,
      ...(parameters ? { parameters } : {}),
    })[0]?.field;
  assert.equal(problem("select $1, $2", ["a"]), "parameters");
  assert.equal(problem("select {{ $json.x }}"), "sql");
  assert.equal(problem("select $1", ["a"]), undefined);
});

it("says that nothing answers, or that it is not a database", async () => {
  const server = createServer((socket) => socket.end("HTTP/1.1 400 no\r\n\r\n"));
  after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const query = (at: number) =>
    runNode(postgresNode, {
      config: { connection: `postgres://a:hidden@127.0.0.1:${at}/d`, sql: "select 1", encryption: "none" },
    });
  for (const at of [1, port]) {
    const failure = await failureOf(() => query(at));
    assert.deepEqual([failure.code, failure.certainty], ["DATABASE_CONNECTION", "notDone"]);
    assert.ok(!JSON.stringify(failure).includes("hidden"));
  }
});
