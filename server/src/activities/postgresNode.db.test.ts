// The PostgreSQL node against a real database; here because only the server has one for its tests.
import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer } from "node:net";
import { after, describe, it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { postgresNode } from "@auraos/nodes/postgres/node.ts";
import { closePools } from "@auraos/nodes/postgres/pools.ts";
import { failureOf, jsonOf, runNode } from "@auraos/nodes/testing.ts";
import pg from "pg";
import { freshDatabase } from "../testing/freshDatabase.ts";

/** The databases of tests may listen on a socket file only, and the node speaks TCP only. */
async function overTcp(url: string, closing: (() => void)[]): Promise<string> {
  const given = new URL(url);
  const folder = given.searchParams.get("host");
  if (folder === null) return url;
  const place = `${decodeURIComponent(folder)}/.s.PGSQL.${given.port || given.searchParams.get("port") || 5432}`;
  const bridge = createServer((socket) => {
    const inner = connect(place);
    for (const end of [socket, inner]) end.on("error", () => {});
    socket.on("close", () => inner.destroy()).pipe(inner);
    inner.on("close", () => socket.destroy()).pipe(socket);
  });
  await new Promise<void>((resolve) => bridge.listen(0, "127.0.0.1", resolve));
  closing.push(() => void bridge.close());
  const { port } = bridge.address() as AddressInfo;
  return `postgresql://${given.username}:${given.password}@127.0.0.1:${port}${given.pathname}`;
}

const closing: (() => void | Promise<void>)[] = [closePools];
after(async () => {
  for (const close of closing) await close();
});
const { url } = await freshDatabase({ after });
const connection = await overTcp(url, closing);
const admin = new pg.Client({ connectionString: url });
await admin.connect();
await admin.query(
  "create table person (id int primary key, name text not null, born date, tags text[], more jsonb)",
);
await admin.query(
  `insert into person values (1, 'Ada', '1815-12-10', '{x,y}', '{"a": 1}'), (2, 'Bo', null, null, null)`,
);
await admin.end();

const query = async (sql: string, more: JsonObject = {}, signal = new AbortController().signal) =>
  jsonOf(
    await runNode(
      postgresNode,
      { config: { connection, sql, encryption: "none", ...more }, items: [{ in: 1 }] },
      { signal },
    ),
  ).main;

describe("reading", () => {
  it("gives rows as items or as a list", async () => {
    assert.deepEqual(await query("select * from person where id = $1", { parameters: [1] }), [
      { id: 1, name: "Ada", born: "1815-12-10", tags: ["x", "y"], more: { a: 1 } },
    ]);
    assert.deepEqual(
      await query("select id, id, count(*) over () n from person order by id", { rowsInto: "people" }),
      [
        {
          in: 1,
          people: [
            { id: 1, id_2: 1, n: 2 },
            { id: 2, id_2: 2, n: 2 },
          ],
        },
      ],
    );
    assert.deepEqual(await query("select * from person where id = 9"), []);
  });

  it("takes values as values, whatever they contain", async () => {
    const nasty = "x'; drop table person; --";
    assert.deepEqual(
      await query("select $1::text as a, $2::jsonb as b, $3::int[] as c", {
        parameters: [nasty, { q: 1 }, [1, 2]],
      }),
      [{ a: nasty, b: { q: 1 }, c: [1, 2] }],
    );
  });

  it("changes nothing: the database refuses", async () => {
    const failure = await failureOf(() => query("delete from person"));
    assert.deepEqual([failure.code, failure.certainty], ["SQL_25006", "notDone"]);
    assert.equal((await failureOf(() => query("select 1; delete from person"))).code, "SQL_42601");
    assert.equal((await query("select count(*) n from person"))?.length, 1);
  });

  it("is bounded in rows and time, and can be stopped", async () => {
    const many = "select generate_series(1, 1000000) n";
    assert.equal((await failureOf(() => query(many, { rowsMax: 10 }))).code, "ROWS_BOUND");
    assert.equal(
      (await query("select generate_series(1, 1000) n", { rowsMax: 10, whenMore: "cut" }))?.length,
      10,
    );
    assert.equal(
      (await failureOf(() => query("select pg_sleep(5)", { timeoutSeconds: 0.1 }))).code,
      "SQL_TIMEOUT",
    );
    const stopped = await failureOf(() => query("select pg_sleep(5)", {}, AbortSignal.timeout(100)));
    assert.equal(stopped.code, "CANCELLED");
    const busy =
      "select count(*) n from pg_stat_activity where state = 'active' and query ~ '^select pg_sleep'";
    for (let tries = 0; tries < 1_500; tries++) {
      const [row] = (await query(busy)) as JsonObject[];
      if (row?.n === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.fail("the database goes on with what was stopped");
  });

  it("leaves nothing on the connection for the next one", async () => {
    await query("select set_config('search_path', 'pg_catalog', false)");
    assert.deepEqual(await query("select count(*) n from person"), [{ n: 2 }]);
  });
});

describe("writing", () => {
  it("gives the rows it returns, or how many it changed", async () => {
    const write = { access: "write" };
    assert.deepEqual(
      await query("insert into person (id, name) values ($1, $2) returning id", {
        ...write,
        parameters: [3, "Cy"],
      }),
      [{ id: 3 }],
    );
    assert.deepEqual(
      await query("update person set tags = '{}' where id > $1", { ...write, parameters: [1] }),
      [{ command: "UPDATE", rows: 2 }],
    );
  });

  it("changes nothing when it fails", async () => {
    const failure = await failureOf(() =>
      query("insert into person (id, name) select n, 'x' from generate_series(4, 1, -1) n", {
        access: "write",
      }),
    );
    assert.deepEqual([failure.code, failure.class, failure.certainty], ["SQL_23505", "data", "notDone"]);
    const bounded = await failureOf(() =>
      query("delete from person returning id", { access: "write", rowsMax: 1 }),
    );
    assert.equal(bounded.code, "ROWS_BOUND");
    assert.deepEqual(await query("select count(*) n from person"), [{ n: 3 }]);
  });
});

it("tells a wrong password and a missing encryption apart", async () => {
  const url = new URL(connection);
  url.username = "nobody";
  const auth = await failureOf(() => query("select 1", { connection: url.href }));
  assert.deepEqual([auth.class, auth.certainty], ["auth", "notDone"]);
  const tls = await failureOf(() => query("select 1", { encryption: "verify" }));
  assert.equal(tls.code, "DATABASE_TLS");
});

/** A way to the database on which the line breaks as soon as `sign` is sent. */
async function breakingAt(sign: RegExp): Promise<string> {
  const there = new URL(connection);
  const { port, hostname } = there;
  const bridge = createServer((socket) => {
    const inner = connect(Number(port), hostname);
    for (const end of [socket, inner]) end.on("error", () => {});
    socket.on("data", (chunk) => {
      if (sign.test(chunk.toString("latin1"))) socket.destroy();
      else inner.write(chunk);
    });
    socket.on("close", () => inner.destroy());
    inner.on("close", () => socket.destroy()).pipe(socket);
  });
  await new Promise<void>((resolve) => bridge.listen(0, "127.0.0.1", resolve));
  closing.push(() => void bridge.close());
  there.port = String((bridge.address() as AddressInfo).port);
  return there.href;
}

it("says whether it may have happened when the database drops the line", async () => {
  const write = { access: "write", connection: await breakingAt(/COMMIT/) };
  const open = await failureOf(() => query("insert into person values (77, 'Cy')", write));
  assert.deepEqual([open.class, open.certainty], ["network", "unknown"]);
  const read = { connection: await breakingAt(/pg_sleep/) };
  const lost = await failureOf(() => query("select pg_sleep(0)", read));
  assert.deepEqual([lost.class, lost.retryable], ["network", true]);
  assert.deepEqual(await query("select 1 as n"), [{ n: 1 }]);
});
