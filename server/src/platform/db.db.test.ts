// Connections that break while somebody uses them: the caller hears of it, the process lives, the pool goes on.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { migrate } from "../migrations/migrate.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { openPool, transaction } from "./db.ts";
import { asRefusal } from "./errors.ts";

const open: { end(): Promise<void> }[] = [];
after(() => Promise.all(open.map((one) => one.end())));
const { url } = await freshDatabase({ after }, migrate);
const pool = openPool(url, { role: "auraos_api", name: "broken", max: 2 });
const admin = new pg.Client({ connectionString: url });
open.push(pool, admin);
await admin.connect();

test("a connection that is cut in the middle of a transaction, between two queries, fails that transaction alone", async () => {
  const cut = transaction(pool, async (tx) => {
    const ended = new Promise((resolve) => tx.once("end", resolve));
    const { rows } = await tx.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    await admin.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
    await ended;
    await tx.query("SELECT 1");
  });
  await assert.rejects(cut, (error) => asRefusal(error)?.status === 503);
  assert.deepEqual((await pool.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
});

test("a reset of the connection is the database's absence, whoever notices it first", () => {
  for (const syscall of ["connect", "read", "write"]) {
    const error = Object.assign(new Error(`${syscall} ECONNRESET`), { code: "ECONNRESET", syscall });
    assert.equal(asRefusal(error)?.code, "DATABASE_UNAVAILABLE");
  }
});
