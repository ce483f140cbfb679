// A process opens a wait for an event, routes that event, and dies before it noted the wait: the next one gives it.
import assert from "node:assert/strict";
import { randomUUID as newId } from "node:crypto";
import { after, test } from "node:test";
import { compileTemplate } from "@auraos/expression";
import type { Evaluator } from "@auraos/kernel";
import pg from "pg";
import { migrate } from "../migrations/migrate.ts";
import { openPool } from "../platform/db.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { until } from "../testing/runningServer.ts";
import type { BusParts } from "./bus.types.ts";
import { createEventBus } from "./createEventBus.ts";

after(async () => {
  await bus.stop();
  await Promise.all([pool.end(), owner.end()]);
});
const database = await freshDatabase({ after }, migrate);
const owner = new pg.Client({ connectionString: database.url });
await owner.connect();
const pool = openPool(database.url, { role: "auraos_engine", name: "events", max: 4 });

const HOUR_MS = 3_600_000;
const nowMs = Date.now();
const orgId = newId();
await owner.query("INSERT INTO organizations (id, name) VALUES ($1, 'acme')", [orgId]);
await owner.query("UPDATE engine_lease SET epoch = 1 WHERE id = 1");
await owner.query("INSERT INTO event_happenings (through) VALUES (to_timestamp($1::float8 / 1000))", [nowMs]);

/** Given to subscriptions and waits by the process that died. */
async function routed(position: number, n: number, receivedMs: number): Promise<void> {
  const body = { specversion: "1.0", id: `e${position}`, source: "/a", type: "a.told", data: { n } };
  await owner.query(
    `INSERT INTO events (org_id, position, source, event_id, type, body, received_at)
     VALUES ($1, $2, '/a', $3, 'a.told', $4, to_timestamp($5::float8 / 1000))`,
    [orgId, position, body.id, JSON.stringify(body), receivedMs],
  );
  await owner.query(
    `INSERT INTO event_streams (org_id, last_position, routed) VALUES ($1, $2, $2)
     ON CONFLICT (org_id) DO UPDATE SET last_position = $2, routed = $2`,
    [orgId, position],
  );
}

async function openWait(n: number, openedMs: number): Promise<string> {
  const executionId = newId();
  await owner.query(
    `INSERT INTO waits (execution_id, wait, org_id, run, kind, title, opened_at)
     VALUES ($1, 'w', $2, 'wait', 'signal', $3, to_timestamp($4::float8 / 1000))`,
    [executionId, orgId, `event:${JSON.stringify({ types: ["a.*"], match: { data: { n } } })}`, openedMs],
  );
  return executionId;
}

await routed(1, 1, nowMs - 2_000);
const late = await openWait(1, nowMs - 1_000);
const old = await openWait(2, nowMs - HOUR_MS);
await routed(2, 1, nowMs - 500);
await routed(3, 1, nowMs - 400);
await routed(4, 2, nowMs - 300);

const given: { to: string; id: string }[] = [];
const engine = {
  status: () => ({ state: "leading", epoch: 1 }),
  subscribe: () => () => {},
  deliver: async (to: string, { id }: { id: string }) => void given.push({ to, id }),
} as unknown as BusParts["engine"];
const bus = createEventBus({
  ...{ pool, engine, newId, nowMs: Date.now, log: () => {} },
  evaluator: { compileTemplate } as unknown as Evaluator,
  published: { find: async () => undefined, forget() {} } as unknown as BusParts["published"],
});

test("the first event that fits and came after the wait; who waited for long was noted, and is left alone", async () => {
  await until(async () => given.length > 0);
  assert.deepEqual(given, [{ to: late, id: "event/2/w" }]);
  await bus.publish(orgId, [{ specversion: "1.0", id: "e5", source: "/a", type: "a.told", data: { n: 2 } }]);
  await until(async () => given.length > 1);
  assert.deepEqual(given.slice(1), [{ to: old, id: "event/5/w" }]);
});
