// What an organization keeps for how long, on a virtual clock: each class goes when its time comes and not before, space
// is really freed, and what is held stays.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import pg from "pg";
import { dayOf } from "../blobs/blobs.types.ts";
import { createBlobStore } from "../blobs/createBlobStore.ts";
import { batchOf, holderNamed, idAt, newId, startOf, turnOf, updateOf } from "../engine/postgres/batches.ts";
import { openPostgresStore } from "../engine/postgres/store.ts";
import { migrate } from "../migrations/migrate.ts";
import { clientConfig, openPool } from "../platform/db.ts";
import { freshDatabase, type Scope } from "../testing/freshDatabase.ts";
import { ensurePartitions } from "./partitions.ts";
import { sweepStorage } from "./sweepStorage.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2031, 5, 15);

async function setUp(t: Scope) {
  const { url } = await freshDatabase(t, migrate);
  const folder = mkdtempSync(join(tmpdir(), "auraos-retention-"));
  const store = openPostgresStore(url);
  const pool = openPool(url, { role: "auraos_owner", name: "retention", max: 3 });
  const client = new pg.Client(clientConfig(url, { role: "auraos_owner", name: "test" }));
  await client.connect();
  t.after(async () => {
    await Promise.all([store.close(), pool.end(), client.end()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const { epoch } = (await store.acquire(holderNamed("one"), { leaseMs: 600_000 })) as { epoch: number };
  const blobs = createBlobStore(folder);
  const org = newId();
  await client.query("INSERT INTO organizations (id, name) VALUES ($1, 'org')", [org]);
  return { store, pool, client, epoch, blobs, org, folder, closed };

  /** An execution that ran and ended then, with a turn of some kilobytes and a file. */
  async function closed(atMs: number, more: { orgId?: string; parentId?: string; workflowId?: string } = {}) {
    const id = idAt(atMs);
    const { orgId = org, ...about } = more;
    const turn = { ...turnOf(id, orgId, 1), body: Buffer.from(JSON.stringify(["x".repeat(4_000)])) };
    await store.flush(
      epoch,
      batchOf({
        starts: [startOf(id, orgId, about)],
        turns: [turn],
        updates: [updateOf(id, "succeeded", { completedAtMs: atMs })],
      }),
    );
    await blobs.putValue({ orgId, executionId: id, day: dayOf(atMs) }, Buffer.alloc(10_000));
    return id;
  }
}

test("a clock that goes on: executions, payloads and files go when their time comes, and their space with them", async (t) => {
  const { pool, client, blobs, org, folder, closed } = await setUp(t);
  await client.query("UPDATE organizations SET retention_days = 60 WHERE id = $1", [org]);
  await client.query("INSERT INTO retention_policies (org_id, class, days) VALUES ($1, 'payloads', 20)", [
    org,
  ]);
  await ensurePartitions(client, NOW - 45 * DAY_MS);
  const ids: string[] = [];
  for (let day = 0; day < 30; day += 1) ids.push(await closed(NOW - day * DAY_MS));
  const sizes = [await sizeOf(client, folder)];
  const sweep = async (nowMs: number) => {
    const swept = await sweepStorage(pool, blobs, { nowMs, days: 365 });
    await client.query("VACUUM turns");
    sizes.push(await sizeOf(client, folder));
    return swept;
  };

  // Payloads older than 20 days: those of day 21 to 29 (day 20 is exactly as old, not older).
  const first = await sweep(NOW);
  assert.deepEqual([first.payloads, first.deleted, first.files, first.bytes], [9, 0, 9, 90_000]);
  assert.deepEqual(await present(client, ids), { executions: 30, turns: 21 });

  const again = await sweep(NOW);
  assert.deepEqual([again.payloads, again.deleted, again.files], [0, 0, 0], "nothing twice");

  // Forty days later every payload is old, and executions of day 21 to 29 are too.
  const later = await sweep(NOW + 40 * DAY_MS);
  assert.equal(later.payloads + later.deleted >= 21, true);
  assert.deepEqual(await present(client, ids), { executions: 21, turns: 0 });
  assert.equal(later.files, 21);

  // And in the end the months themselves are dropped.
  const end = await sweep(NOW + 400 * DAY_MS);
  assert.ok(end.dropped.length > 0 || end.deleted === 21);
  assert.deepEqual(await present(client, ids), { executions: 0, turns: 0 });
  const [before, , , afterPayloads, atEnd] = sizes;
  assert.ok((afterPayloads?.files ?? 1) === 0 && (before?.files ?? 0) === 300_000, JSON.stringify(sizes));
  assert.ok((afterPayloads?.turns ?? 0) < (before?.turns ?? 0), JSON.stringify(sizes));
  assert.ok((atEnd?.turns ?? 0) <= (afterPayloads?.turns ?? 0), JSON.stringify(sizes));
});

test("each class by its own days, of its own organization", async (t) => {
  const { pool, client, blobs, org } = await setUp(t);
  const other = newId();
  await client.query("INSERT INTO organizations (id, name) VALUES ($1, 'other')", [other]);
  const [task, rule, schedule, workflow, env] = [newId(), newId(), newId(), newId(), newId()];
  for (const orgId of [org, other]) {
    const [mine, myRule, mySchedule, myWorkflow] =
      orgId === org ? [task, rule, schedule, workflow] : [newId(), newId(), newId(), newId()];
    const each = async (text: string, values: unknown[]) => {
      for (const days of [1, 10, 50])
        await client.query(text, [newId(), orgId, NOW - days * DAY_MS, ...values]);
    };
    const at = "to_timestamp($3::float8 / 1000)";
    await client.query("INSERT INTO tasks (id, org_id, name, type, config) VALUES ($1, $2, 't', 't', '{}')", [
      mine,
      orgId,
    ]);
    await each(
      `INSERT INTO task_executions (id, org_id, completed_at, task_id, status) VALUES ($1, $2, ${at}, $4, 'succeeded')`,
      [mine],
    );
    await client.query(
      "INSERT INTO alert_rules (id, org_id, name, kind, severity, config) VALUES ($1, $2, 'r', 'latency', 'info', '{}')",
      [myRule, orgId],
    );
    await each(
      `INSERT INTO alerts (id, org_id, resolved_at, rule_id, key, status, title, detail)
       VALUES ($1, $2, ${at}, $4, $1::uuid::text, 'resolved', 't', 'd')`,
      [myRule],
    );
    await each(
      `INSERT INTO invitations (id, org_id, expires_at, email, role, sha256)
       VALUES ($1, $2, ${at}, $1::uuid::text, 'viewer', sha256($1::uuid::text::bytea))`,
      [],
    );
    await client.query("INSERT INTO event_streams (org_id, last_position, routed) VALUES ($1, 3, 2)", [
      orgId,
    ]);
    for (const [position, days] of [
      [1, 50],
      [2, 1],
      [3, 60],
    ])
      await client.query(
        `INSERT INTO events (org_id, position, source, event_id, type, body, received_at)
         VALUES ($1, $2::bigint, 's', $2::bigint::text, 't', '{}', to_timestamp($3::float8 / 1000))`,
        [orgId, position, NOW - Number(days) * DAY_MS],
      );
    await client.query("INSERT INTO workflows (id, org_id, name, definition) VALUES ($1, $2, 'w', '{}')", [
      myWorkflow,
      orgId,
    ]);
    await client.query(
      "INSERT INTO schedules (id, org_id, env_id, workflow_id, name, spec, policy) VALUES ($1, $2, $3, $4, 's', '{}', '{}')",
      [mySchedule, orgId, env, myWorkflow],
    );
    await each(
      `INSERT INTO schedule_fires (id, org_id, due, schedule_id, key, kind, outcome)
       VALUES ($1, $2, ${at}, $4, $1::uuid::text, 'schedule', 'skipped')`,
      [mySchedule],
    );
  }
  for (const name of ["taskRuns", "alerts", "invitations", "scheduleFires"])
    await client.query("INSERT INTO retention_policies (org_id, class, days) VALUES ($1, $2, 5)", [
      org,
      name,
    ]);

  const swept = await sweepStorage(pool, blobs, { nowMs: NOW, days: 365 });
  // Two of three of ours; of the others by the defaults: nothing but an event of fifty days, which nobody waits for.
  assert.deepEqual(swept.rows, {
    events: 2,
    task_executions: 2,
    schedule_fires: 2,
    alerts: 2,
    invitations: 2,
  });
  const left = await client.query("SELECT position FROM events WHERE org_id = $1 ORDER BY 1", [org]);
  assert.deepEqual(
    left.rows,
    [{ position: 2 }, { position: 3 }],
    "what is not routed yet stays, however old",
  );
});

test("sessions go by the strictest organization of their person", async (t) => {
  const { pool, client, blobs, org } = await setUp(t);
  const other = newId();
  await client.query("INSERT INTO organizations (id, name) VALUES ($1, 'other')", [other]);
  await client.query("INSERT INTO retention_policies (org_id, class, days) VALUES ($1, 'sessions', 2)", [
    other,
  ]);
  for (const [name, orgs] of [
    ["both", [org, other]],
    ["one", [org]],
  ] as const) {
    const { rows } = await client.query(
      `INSERT INTO auth."user" (name, email, "emailVerified") VALUES ($1, $1 || '@example.com', true) RETURNING id`,
      [name],
    );
    for (const orgId of orgs)
      await client.query("INSERT INTO memberships (org_id, user_id, role) VALUES ($1, $2, 'viewer')", [
        orgId,
        rows[0].id,
      ]);
    for (const days of [-1, 1, 10, 40])
      await client.query(
        `INSERT INTO auth.session ("expiresAt", token, "updatedAt", "userId")
         VALUES (to_timestamp($1::float8 / 1000), $2, now(), $3)`,
        [NOW - days * DAY_MS, `${name} ${days}`, rows[0].id],
      );
  }
  const { rows: swept } = await sweepStorage(pool, blobs, { nowMs: NOW, days: 365 });
  assert.equal(swept.sessions, 3);
  const left = await client.query("SELECT token FROM auth.session ORDER BY 1");
  assert.deepEqual(
    left.rows.map(({ token }) => token),
    ["both -1", "both 1", "one -1", "one 1", "one 10"],
  );
});

test("what is held stays, with its children, history and files, until the hold ends", async (t) => {
  const { pool, client, blobs, org, closed } = await setUp(t);
  const old = NOW - 100 * DAY_MS;
  await ensurePartitions(client, old);
  await client.query("UPDATE organizations SET retention_days = 30 WHERE id = $1", [org]);
  await client.query("INSERT INTO retention_policies (org_id, class, days) VALUES ($1, 'payloads', 5)", [
    org,
  ]);
  const held = await closed(old);
  const child = await closed(old, { parentId: held });
  const grandchild = await closed(old, { parentId: child });
  const workflowId = newId();
  const ofWorkflow = await closed(old, { workflowId });
  const free = await closed(old);
  const ids = [held, child, grandchild, ofWorkflow, free];
  for (const [kind, target] of [
    ["execution", held],
    ["workflow", workflowId],
  ])
    await client.query(
      "INSERT INTO legal_holds (id, org_id, kind, target_id, reason, placed_by) VALUES ($1, $2, $3, $4, 'dispute', 'ann')",
      [newId(), org, kind, target],
    );
  const sweep = () => sweepStorage(pool, blobs, { nowMs: NOW, days: 30 });
  const first = await sweep();
  assert.deepEqual(await present(client, ids), { executions: 4, turns: 4 });
  assert.deepEqual([first.files, first.payloads], [1, 0]);
  await sweep();
  assert.deepEqual(
    await present(client, ids),
    { executions: 4, turns: 4 },
    "also after its month was dropped",
  );

  await client.query("UPDATE legal_holds SET released_at = now(), released_by = 'ann'");
  const last = await sweep();
  assert.deepEqual(await present(client, ids), { executions: 0, turns: 0 });
  assert.equal(last.files, 4);
});

async function present(client: pg.Client, ids: readonly string[]) {
  const { rows } = await client.query(
    `SELECT (SELECT count(*)::int FROM workflow_executions WHERE id = ANY ($1)) AS executions,
      (SELECT count(DISTINCT execution_id)::int FROM turns WHERE execution_id = ANY ($1)) AS turns`,
    [ids],
  );
  return rows[0];
}

async function sizeOf(client: pg.Client, folder: string) {
  const { rows } = await client.query(
    `SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::float8 AS turns FROM pg_inherits WHERE inhparent = 'turns'::regclass`,
  );
  const files = (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => statSync(join(folder, name)))
    .filter((about) => about.isFile());
  return { turns: rows[0].turns as number, files: files.reduce((sum, about) => sum + about.size, 0) };
}
