// What a key has used up of its rate is forgotten once it makes no difference any more, and not before.
import assert from "node:assert/strict";
import { randomUUID as newId } from "node:crypto";
import { after, test } from "node:test";
import pg from "pg";
import { migrate } from "../migrations/migrate.ts";
import { openPool } from "../platform/db.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { replayLanes, writeGates } from "./busStore.ts";
import { deleteIdleGates } from "./sweepStore.ts";

after(async () => {
  await Promise.all([pool.end(), owner.end()]);
});
const database = await freshDatabase({ after }, migrate);
const owner = new pg.Client({ connectionString: database.url });
await owner.connect();
const pool = openPool(database.url, { role: "auraos_engine", name: "events", max: 1 });

const [NOW, HOUR] = [1_800_000_000_000, 3_600_000];

async function organization(): Promise<{ orgId: string; subscriptionId: string }> {
  const [orgId, envId, workflowId, subscriptionId] = [newId(), newId(), newId(), newId()];
  await owner.query("INSERT INTO organizations (id, name) VALUES ($1, 'acme')", [orgId]);
  await owner.query("INSERT INTO environments (id, org_id, name) VALUES ($1, $2, 'default')", [envId, orgId]);
  await owner.query(
    "INSERT INTO workflows (id, org_id, name, definition) VALUES ($1, $2, $1::uuid::text, '{}')",
    [workflowId, orgId],
  );
  await owner.query(
    "INSERT INTO event_subscriptions (id, org_id, env_id, workflow_id, node_key, spec, since) VALUES ($1, $2, $3, $4, 'on', '{}', 0)",
    [subscriptionId, orgId, envId, workflowId],
  );
  return { orgId, subscriptionId };
}

async function lanesOf(orgId: string): Promise<string[]> {
  const { rows } = await pool.query("SELECT lane FROM event_gates WHERE org_id = $1 ORDER BY lane", [orgId]);
  return rows.map(({ lane }) => lane as string);
}

async function receive(orgId: string, position: number, atMs: number): Promise<void> {
  await owner.query(
    `INSERT INTO events (org_id, position, source, event_id, type, body, received_at)
     VALUES ($1, $2, '/a', $2::bigint::text, 'a.x', '{}', to_timestamp($3::float8 / 1000))`,
    [orgId, position, atMs],
  );
}

test("gates of keys that came once go; those that count, and those of a replay, stay", async () => {
  const { orgId, subscriptionId } = await organization();
  await owner.query("INSERT INTO event_streams (org_id, last_position, routed) VALUES ($1, 1, 1)", [orgId]);
  await receive(orgId, 1, NOW - 9 * HOUR);
  const gate = (lane: string, atMs: number) => ({ subscriptionId, lane, atMs });
  const once = Array.from({ length: 500 }, (_, at) => gate(`rate/once ${at}`, NOW - 2 * HOUR - at));
  await writeGates(pool, orgId, [
    ...once,
    gate("key/throttled", NOW - 2 * HOUR),
    gate("rate/lately", NOW - HOUR / 2),
    gate("rate/used up", NOW + HOUR),
    gate(`${replayLanes(newId())}rate/past`, NOW - 9 * HOUR),
  ]);
  assert.equal(await deleteIdleGates(pool, NOW), 501);
  const left = await lanesOf(orgId);
  assert.deepEqual([left[0], left[1], left.length], ["rate/lately", "rate/used up", 3]);
  assert.equal(await deleteIdleGates(pool, NOW), 0);
});

test("of a backlog, gates count as of the time at which its first event was received", async () => {
  const { orgId, subscriptionId } = await organization();
  await owner.query("INSERT INTO event_streams (org_id, last_position, routed) VALUES ($1, 2, 0)", [orgId]);
  await receive(orgId, 1, NOW - 10 * HOUR);
  await receive(orgId, 2, NOW);
  await writeGates(pool, orgId, [
    { subscriptionId, lane: "rate/before", atMs: NOW - 12 * HOUR },
    { subscriptionId, lane: "rate/used up then", atMs: NOW - 9 * HOUR },
  ]);
  assert.equal(await deleteIdleGates(pool, NOW), 1);
  assert.deepEqual(await lanesOf(orgId), ["rate/used up then"]);
  await owner.query("UPDATE event_streams SET routed = 1 WHERE org_id = $1", [orgId]);
  assert.equal(await deleteIdleGates(pool, NOW), 1);
  assert.deepEqual(await lanesOf(orgId), []);
});
