// Months come ahead of time and go when nobody needs them; what is open, or belongs to something open, stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { batchOf, holderNamed, idAt, newId, startOf, turnOf, updateOf } from "../engine/postgres/batches.ts";
import { openPostgresStore } from "../engine/postgres/store.ts";
import type { Store } from "../engine/store.ts";
import { migrate } from "../migrations/migrate.ts";
import { clientConfig, openPool } from "../platform/db.ts";
import { freshDatabase, type Scope } from "../testing/freshDatabase.ts";
import { firstId, monthOf } from "./months.ts";
import { ensurePartitions } from "./partitions.ts";
import { retain } from "./retain.ts";
import { forgetBlobs, orphanedBlobs } from "./sweeps.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2031, 5, 15);

test("a month is a range of ids", () => {
  const month = monthOf(Date.UTC(2026, 11, 31, 23));
  assert.deepEqual([month.name, month.endMs], ["2026_12", Date.UTC(2027, 0, 1)]);
  const last = idAt(month.endMs - 1);
  assert.ok(month.from <= idAt(month.startMs) && last < month.to && month.to <= idAt(month.endMs));
  assert.equal(firstId(month.endMs), month.to);
});

test("months are made ahead, and rows that came too early move into them", async (t) => {
  const { store, client, epoch } = await setUp(t);
  const org = newId();
  const early = idAt(NOW);
  await close(store, epoch, org, early, NOW);
  assert.equal(await placeOf(client, early), "turns_default");

  const made = await ensurePartitions(client, NOW);
  assert.equal(made.length, 12);
  assert.equal(await placeOf(client, early), "turns_2031_06");
  assert.deepEqual(await ensurePartitions(client, NOW), []);
  assert.equal((await ensurePartitions(client, NOW + 31 * DAY_MS)).length, 4);
  assert.equal((await store.load([early])).get(early)?.turns.length, 1);
});

test("two processes that make the same months do not disturb each other", async (t) => {
  const { client, pool } = await setUp(t);
  const other = await pool.connect();
  const made = await Promise.all([ensurePartitions(client, NOW), ensurePartitions(other, NOW)]).finally(() =>
    other.release(),
  );
  assert.ok(made.flat().length >= 12);
});

test("old months go with everything closed in them, while the engine keeps writing", async (t) => {
  const { store, client, pool, epoch } = await setUp(t);
  const org = newId();
  const then = Date.UTC(2031, 0, 10);
  await ensurePartitions(client, then);
  const [closed, open, child, late, current] = [idAt(then), idAt(then), idAt(then), idAt(then), idAt(NOW)];
  await close(store, epoch, org, closed, then);
  await store.flush(
    epoch,
    batchOf({
      starts: [startOf(open, org)],
      turns: [turnOf(open, org, 1)],
      updates: [updateOf(open, "waiting", { wakeAtMs: NOW })],
      waitsOpened: [closed, open].map((executionId) => ({
        executionId,
        orgId: org,
        wait: "w",
        run: "ask",
        kind: "approval" as const,
        title: null,
        assignees: [],
        openedAtMs: then,
        expiresAtMs: null,
      })),
    }),
  );
  await close(store, epoch, org, child, then, open);
  await close(store, epoch, org, late, NOW - DAY_MS);
  await close(store, epoch, org, current, NOW);

  let isDone = false;
  const writing = (async () => {
    for (let seq = 2; !isDone; seq += 1) {
      const updates = [updateOf(open, "waiting", { seq, wakeAtMs: NOW + seq })];
      await store.flush(epoch, batchOf({ turns: [turnOf(open, org, seq)], updates }));
    }
  })();
  const retained = await retain(pool, { nowMs: NOW, days: 30 });
  isDone = true;
  await writing;

  assert.deepEqual(retained.dropped.slice(-3), ["2031_01", "2031_02", "2031_03"]);
  assert.equal(retained.moved, 3);
  assert.deepEqual(
    [...(await store.load([closed, open, child, late, current])).keys()].sort(),
    [open, child, late, current].sort(),
  );
  assert.equal(await placeOf(client, open), "turns_default");
  assert.equal((await client.query("SELECT 1 FROM turns WHERE execution_id = $1", [closed])).rowCount, 0);
  assert.equal((await client.query("SELECT 1 FROM waits")).rowCount, 1);

  // The parent closes, and a month later all of them go.
  await store.flush(
    epoch,
    batchOf({ updates: [updateOf(open, "succeeded", { seq: 1, completedAtMs: NOW })] }),
  );
  const later = await retain(pool, { nowMs: NOW + 40 * DAY_MS, days: 30 });
  assert.equal(later.deleted + later.moved, 4);
  assert.equal((await store.load([open, child, late, current])).size, 0);
  for (const table of ["turns", "waits", "open_executions"]) {
    assert.equal((await client.query(`SELECT 1 FROM ${table}`)).rowCount, 0, table);
  }
});

test("an organization that keeps less loses its own only, in batches", async (t) => {
  const { store, client, pool, epoch } = await setUp(t);
  const [short, long] = [newId(), newId()];
  await client.query(
    "INSERT INTO organizations (id, name, retention_days) VALUES ($1, 'short', 5), ($2, 'long', 90)",
    [short, long],
  );
  const then = NOW - 10 * DAY_MS;
  await ensurePartitions(client, then);
  const ids = Array.from({ length: 1_203 }, () => idAt(then));
  const [open, child] = [idAt(then), idAt(then)];
  await store.flush(
    epoch,
    batchOf({
      starts: ids.map((id) => startOf(id, short)),
      turns: ids.map((id) => turnOf(id, short, 1)),
      updates: ids.map((id) => updateOf(id, "failed", { completedAtMs: then })),
    }),
  );
  await store.flush(epoch, batchOf({ starts: [startOf(open, short)], turns: [turnOf(open, short, 1)] }));
  await close(store, epoch, short, child, then, open);
  const other = idAt(then);
  await close(store, epoch, long, other, then);

  const retained = await retain(pool, { nowMs: NOW, days: 30 });
  assert.deepEqual([retained.deleted, retained.moved], [1_203, 0]);
  assert.ok(!retained.dropped.includes("2031_06"));
  assert.equal((await store.load([open, child, other, ...ids])).size, 3);
});

test("expired start keys, old statistics and blobs without an execution go too", async (t) => {
  const { store, client, pool, epoch } = await setUp(t);
  const org = newId();
  await client.query("INSERT INTO organizations (id, name) VALUES ($1, 'org')", [org]);
  const id = idAt(NOW);
  const key = { orgId: org, workflowId: org, envId: org, executionId: id, requestHash: "h" };
  await store.flush(
    epoch,
    batchOf({
      starts: [startOf(id, org)],
      startKeys: [
        { ...key, key: "old", expiresAtMs: NOW - 2 * DAY_MS },
        { ...key, key: "new", expiresAtMs: NOW },
      ],
    }),
  );
  await client.query(
    `INSERT INTO stat_minutes SELECT $1, $1, '', '', to_timestamp($2::float8 / 1000) - n * interval '300 days', 1, 0, ''
      FROM generate_series(0, 2) n`,
    [org, NOW],
  );
  const [kept, orphan] = [newId(), newId()];
  await client.query(
    `INSERT INTO blobs (id, org_id, execution_id, location, bytes, created_at)
      VALUES ($1, $3, $4, 'kept', 1, 'epoch'), ($2, $3, $2, 'orphan', 1, 'epoch')`,
    [kept, orphan, org, id],
  );
  const retained = await retain(pool, { nowMs: NOW, days: 30 });
  assert.deepEqual([retained.startKeys, retained.rows.stat_minutes], [1, 1]);
  assert.deepEqual(await orphanedBlobs(pool, NOW, 10), [{ id: orphan, orgId: org, location: "orphan" }]);
  await forgetBlobs(pool, [orphan]);
  assert.deepEqual(await orphanedBlobs(pool, NOW, 10), []);
});

async function setUp(t: Scope) {
  const { url } = await freshDatabase(t, migrate);
  const store = openPostgresStore(url);
  const pool = openPool(url, { role: "auraos_owner", name: "retention", max: 3 });
  const client = new pg.Client(clientConfig(url, { role: "auraos_owner", name: "test" }));
  await client.connect();
  t.after(async () => void (await Promise.all([store.close(), pool.end(), client.end()])));
  const { epoch } = (await store.acquire(holderNamed("one"), { leaseMs: 600_000 })) as { epoch: number };
  return { store, pool, client, epoch };
}

async function close(
  store: Store,
  epoch: number,
  org: string,
  id: string,
  completedAtMs: number,
  parentId: string | null = null,
) {
  const outcome = await store.flush(
    epoch,
    batchOf({
      starts: [startOf(id, org, { parentId })],
      turns: [turnOf(id, org, 1)],
      updates: [updateOf(id, "succeeded", { completedAtMs })],
    }),
  );
  assert.equal(outcome, "committed");
}

async function placeOf(client: pg.Client, id: string): Promise<string> {
  const { rows } = await client.query(
    "SELECT tableoid::regclass::text AS place FROM turns WHERE execution_id = $1 LIMIT 1",
    [id],
  );
  return rows[0].place;
}
