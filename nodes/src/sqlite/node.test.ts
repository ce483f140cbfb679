// On real databases, each in a folder of its own.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { failureOf, jsonOf, runNode, testContext } from "../testing.ts";
import { sqliteNode } from "./node.ts";
import { closeProcesses } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "auraos-sqlite-"));
after(() => {
  closeProcesses();
  rmSync(folder, { recursive: true, force: true });
});
const files = { ...testContext().files, locate: async (path: string) => join(folder, path) };
const file = "shop.db";
const database = new DatabaseSync(join(folder, file));
database.exec(
  "create table person (id integer primary key, name text not null unique, born text, photo blob)",
);
database.exec("insert into person values (1, 'Ada', '1815-12-10', x'00ff'), (2, 'Bo', null, null)");
database.close();

const run = async (sql: string, more: JsonObject = {}, signal = new AbortController().signal) =>
  jsonOf(await runNode(sqliteNode, { config: { file, sql, ...more }, items: [{ in: 1 }] }, { files, signal }))
    .main;
const failure = (sql: string, more: JsonObject = {}, signal?: AbortSignal) =>
  failureOf(() => run(sql, more, signal));
const write = { access: "write" };

describe("reading", () => {
  it("gives rows as items or as a list, with exact values", async () => {
    assert.deepEqual(await run("select * from person where id = ?", { parameters: [1] }), [
      { id: 1, name: "Ada", born: "1815-12-10", photo: "AP8=" },
    ]);
    assert.deepEqual(await run("select name from person order by id", { rowsInto: "people" }), [
      { in: 1, people: [{ name: "Ada" }, { name: "Bo" }] },
    ]);
    assert.deepEqual(
      await run("select 9007199254740993 as big, 9007199254740991 as safe, 0.1 as part, 1 as a, 2 as a"),
      [{ big: "9007199254740993", safe: 9007199254740991, part: 0.1, a: 1, a_2: 2 }],
    );
    assert.deepEqual(await run("select count(*) as n from person where id > ?", { parameters: [99] }), [
      { n: 0 },
    ]);
    assert.deepEqual(await run("select name from person where id > 99"), []);
    assert.deepEqual((await run("pragma table_info('person')"))?.length, 4);
  });

  it("passes values as parameters, never as text", async () => {
    const evil = "x' or '1'='1";
    assert.deepEqual(await run("select id from person where name = ?", { parameters: [evil] }), []);
    const values: Json[] = [true, null, "a", 1.5, { a: [1] }, [1, 2]];
    assert.deepEqual(await run("select ?, ? as b, ? as c, ? as d, ? as e, ? as f", { parameters: values }), [
      { column1: 1, b: null, c: "a", d: 1.5, e: '{"a":[1]}', f: "[1,2]" },
    ]);
    assert.deepEqual(await run("select typeof(?) as t", { parameters: [7] }), [{ t: "integer" }]);
  });

  it("is bounded in rows", async () => {
    const numbers = "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n";
    assert.deepEqual(await run(numbers, { rowsMax: 3, whenMore: "cut" }), [{ i: 1 }, { i: 2 }, { i: 3 }]);
    const found = await failure(numbers, { rowsMax: 3 });
    assert.deepEqual([found.code, found.field, found.certainty], ["ROWS_BOUND", "rowsMax", "notDone"]);
  });

  it("changes nothing, and reaches no other file", async () => {
    writeFileSync(join(folder, "other.db"), "");
    for (const [sql, code] of [
      ["insert into person (name) values ('Eve')", "SQLITE_8"],
      ["attach 'other.db' as other", "SQLITE_23"],
      [`vacuum into '${join(folder, "copy.db")}'`, "SQLITE_23"],
      ["select load_extension('x')", "SQLITE_1"],
      ["pragma journal_mode = delete", "SQLITE_23"],
      ["begin", "SQLITE_23"],
      ["select 1; select 2", "SQL_SEVERAL"],
      ["selct 1", "SQLITE_1"],
      ["select ?", "SQL_PARAMETERS"],
    ] as const) {
      const found = await failure(sql, sql === "select ?" ? { parameters: [1, 2] } : {});
      if (sql === "select ?") assert.ok(["SQL_PARAMETERS", "SQLITE_25"].includes(found.code), found.code);
      else assert.equal(found.code, code, `${sql}: ${found.message}`);
      assert.equal(found.certainty, "notDone");
    }
    assert.ok(!existsSync(join(folder, "copy.db")));
    assert.deepEqual(await run("select 1 as one; -- and nothing more"), [{ one: 1 }]);
  });
});

describe("writing", () => {
  it("tells what it changed, and keeps to the rules of the table", async () => {
    assert.deepEqual(
      await run("insert into person (name) values (?), (?)", { ...write, parameters: ["Cy", "Di"] }),
      [{ changes: 2, lastId: 4 }],
    );
    assert.deepEqual(await run("insert into person (name) values ('Ed') returning id, name", write), [
      { id: 5, name: "Ed" },
    ]);
    const twice = await failure("insert into person (name) values ('Ada')", write);
    assert.deepEqual([twice.code, twice.class, twice.certainty], ["SQLITE_19", "data", "notDone"]);
    assert.deepEqual(await run("delete from person where id > 2", write), [{ changes: 3, lastId: 0 }]);
  });

  it("makes a database only when asked to", async () => {
    const sql = "create table if not exists t (a)";
    const missing = await failure(sql, { ...write, file: "new.db" });
    assert.deepEqual([missing.code, missing.field], ["FILE_NOT_FOUND", "file"]);
    assert.equal((await failure("select 1", { file: "new.db" })).code, "FILE_NOT_FOUND");
    await run(sql, { ...write, file: "new.db", create: true });
    assert.deepEqual(await run("insert into t values (1)", { ...write, file: "new.db" }), [
      { changes: 1, lastId: 1 },
    ]);
    writeFileSync(join(folder, "text.db"), "this is no database, whatever its name says".repeat(40));
    assert.equal((await failure("select 1 from x", { file: "text.db" })).code, "SQLITE_26");
  });

  it("waits for others, then gives up as something that may work later", async () => {
    const other = new DatabaseSync(join(folder, file));
    other.exec("begin immediate");
    const found = await failure("delete from person", { ...write, timeoutSeconds: 0.3 });
    other.exec("rollback");
    other.close();
    assert.equal(found.retryable, true);
    assert.ok(["SQLITE_5", "SQL_TIMEOUT"].includes(found.code), found.code);
    assert.deepEqual(await run("select count(*) as n from person"), [{ n: 2 }]);
  });
});

const endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";

describe("what goes on for ever", () => {
  it("is ended by its time, and the next statement runs", async () => {
    const found = await failure(endless, { timeoutSeconds: 0.5 });
    assert.deepEqual([found.code, found.class, found.certainty], ["SQL_TIMEOUT", "timeout", "notDone"]);
    const change = `insert into person (name) ${endless.replace("count(*)", "'x' || count(*)")}`;
    const open = await failure(change, { ...write, timeoutSeconds: 0.5 });
    assert.equal(open.certainty, "unknown");
    assert.deepEqual(await run("select count(*) as n from person"), [{ n: 2 }]);
  });

  it("is ended by a cancel", async () => {
    const controller = new AbortController();
    const work = failure(endless, {}, controller.signal);
    setTimeout(() => controller.abort(), 100);
    assert.equal((await work).code, "CANCELLED");
    assert.equal((await failure(endless, {}, AbortSignal.abort())).certainty, "notDone");
  });

  it("does not eat the memory of the machine", async () => {
    const found = await failure("select length(hex(zeroblob(400000000)))", { timeoutSeconds: 20 });
    assert.ok(["SQLITE_7", "SQLITE_18"].includes(found.code), found.code);
    const wide =
      "with recursive n(i) as (select 1 union all select i + 1 from n limit 200) select i, hex(zeroblob(500000)) as x from n";
    assert.equal((await failure(wide)).code, "ROWS_BOUND");
  });

  it("is not in the way of others: more at once than there are processes", async () => {
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, n) => run("select ? as n", { parameters: [n] })),
    );
    assert.deepEqual(
      results.flat(),
      Array.from({ length: 12 }, (_, n) => ({ n })),
    );
  });
});

it("has effects by its access, and finds braces in SQL", () => {
  const effect = (access?: string) => sqliteNode.effectOf?.(access === undefined ? {} : { access });
  assert.deepEqual(
    [effect(), effect("write"), effect("repeatable"), effect("{{ $json.x }}")],
    ["read", "once", "idempotent", "once"],
  );
  assert.equal(sqliteNode.checkConfig?.({ file, sql: "select {{ $json.x }}" })[0]?.code, "SQL_TEMPLATE");
  assert.equal(sqliteNode.checkConfig?.({ file, sql: "select 1", create: true })[0]?.field, "create");
});
