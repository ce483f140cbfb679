// The database does what the bus asks, and the answer gets lost: what is held then is given as soon as otherwise, without
// a restart and without a further event of the same key.
import assert from "node:assert/strict";
import { randomUUID as newId } from "node:crypto";
import { after, beforeEach, test } from "node:test";
import { compileTemplate } from "@auraos/expression";
import type { Evaluator } from "@auraos/kernel";
import pg from "pg";
import type { CommittedTurn } from "../engine/engine.types.ts";
import { migrate } from "../migrations/migrate.ts";
import { openPool, type Pool } from "../platform/db.ts";
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

const [orgId, envId, workflowId] = [newId(), newId(), newId()];
await owner.query("INSERT INTO organizations (id, name) VALUES ($1, 'acme')", [orgId]);
await owner.query("INSERT INTO environments (id, org_id, name) VALUES ($1, $2, 'default')", [envId, orgId]);
await owner.query("INSERT INTO workflows (id, org_id, name, definition) VALUES ($1, $2, 'w', '{}')", [
  workflowId,
  orgId,
]);
await owner.query("UPDATE engine_lease SET epoch = 1 WHERE id = 1");
const subscriptionId = newId();
await owner.query(
  `INSERT INTO event_subscriptions (id, org_id, env_id, workflow_id, node_key, spec, since) VALUES ($1, $2, $3, $4, 'on', $5, 0)`,
  [
    ...[subscriptionId, orgId, envId, workflowId],
    JSON.stringify({ types: ["a.*"], flow: "ordered", give: "event" }),
  ],
);

/** A statement that is refused, once. */
let refusing: RegExp | undefined;
/** Reading a lane takes until then. */
let reading = Promise.resolve();

/** Answers that get lost: of the statement of this text, or of the commit after it. */
let losing: { text: RegExp; isOfCommit: boolean } | undefined;
const lost = () => Object.assign(new Error("the connection was lost"), { code: "ECONNRESET" });
const textOf = (query: unknown) => (typeof query === "string" ? query : (query as { text: string }).text);
// biome-ignore lint/suspicious/noExplicitAny: the query methods have a dozen signatures
type Query = (...given: any[]) => Promise<any>;

const deaf = new Proxy(pool, {
  get(target, name) {
    if (name === "query")
      return async (...given: Parameters<Query>) => {
        if (given[0].name === "read-lane") await reading;
        const answer = await (target.query as Query)(...given);
        if (losing && !losing.isOfCommit && losing.text.test(textOf(given[0]))) {
          losing = undefined;
          throw lost();
        }
        return answer;
      };
    if (name !== "connect") return Reflect.get(target, name);
    return async () => {
      const client = await target.connect();
      const query = client.query.bind(client) as Query;
      let isMeant = false;
      return {
        release: (error?: Error) => client.release(error),
        query: async (...given: Parameters<Query>) => {
          const text = textOf(given[0]);
          isMeant ||= losing?.isOfCommit === true && losing.text.test(text);
          if (refusing?.test(text)) {
            refusing = undefined;
            throw lost();
          }
          const answer = await query(...given);
          if (text !== "COMMIT" || !isMeant) return answer;
          losing = undefined;
          throw lost();
        },
      };
    };
  },
}) as Pool;

let tellTurn: (turn: CommittedTurn) => void = () => {};
let isLookUpLost = false;
const started: unknown[] = [];
const engine = {
  status: () => ({ state: "leading", epoch: 1 }),
  subscribe: (listener: (turn: CommittedTurn) => void) => {
    tellTurn = listener;
    return () => {};
  },
  start: async ({ items }: { items: { json: { id: string } }[] }) => {
    started.push(...items.map(({ json }) => json.id));
    return { kind: "started", executionId: newId() };
  },
} as unknown as BusParts["engine"];
const bus = createEventBus({
  ...{ pool: deaf, engine, newId, nowMs: Date.now, retryMs: 20 },
  ...{ evaluator: { compileTemplate } as unknown as Evaluator, log: () => {} },
  published: {
    find: async () => {
      const isLost = isLookUpLost;
      isLookUpLost = false;
      if (isLost) throw lost();
      return { workflowId, workflowName: "w", versionId: workflowId };
    },
    forget() {},
  } as unknown as BusParts["published"],
});
const publish = (id: string) =>
  bus.publish(orgId, [{ specversion: "1.0", id, source: "/a", type: "a.x", subject: id }]);
const pause = (paused: boolean) =>
  owner.query("UPDATE event_subscriptions SET paused = $1, updated_at = clock_timestamp()", [paused]);
const held = async () => (await owner.query("SELECT position FROM event_held")).rows.length;

beforeEach(() => void started.splice(0));

test("the commit of a page: its events are given", async () => {
  losing = { text: /INSERT INTO event_held/, isOfCommit: true };
  await publish("one");
  await until(async () => started.length === 1);
  assert.equal(losing, undefined);
  await until(async () => (await held()) === 0);
  assert.deepEqual(started, ["one"]);
});

test("the commit of the last page of a replay: its events are given", async () => {
  await owner.query(
    "INSERT INTO event_replays (id, org_id, subscription_id, next_position, to_position, created_by) VALUES ($1, $2, $3, 1, 1, 'me')",
    [newId(), orgId, subscriptionId],
  );
  losing = { text: /INSERT INTO event_held/, isOfCommit: true };
  await bus.sync();
  await until(async () => started.length === 1);
  assert.equal(losing, undefined);
  await until(async () => (await held()) === 0);
  assert.deepEqual(started, ["one"]);
});

test("the list of lanes after a pause: what it held back is given", async () => {
  await pause(true);
  await bus.sync();
  await publish("two");
  await until(async () => (await held()) === 1);
  await pause(false);
  losing = { text: /SELECT DISTINCT subscription_id/, isOfCommit: false };
  await bus.sync();
  assert.equal(losing, undefined);
  await until(async () => started.length === 1);
  assert.deepEqual(started, ["two"]);
});

test("a page that was not written: its event is not dropped behind itself", async () => {
  await owner.query(
    `INSERT INTO event_subscriptions (id, org_id, env_id, workflow_id, node_key, spec, since) VALUES ($1, $2, $3, $4, 'one', $5, 0)`,
    [
      ...[newId(), orgId, envId, workflowId],
      JSON.stringify({ types: ["b.*"], flow: "singleton", give: "event" }),
    ],
  );
  await bus.sync();
  refusing = /INSERT INTO event_held/;
  const { promise, resolve } = Promise.withResolvers<void>();
  reading = promise;
  await bus.publish(orgId, [
    { specversion: "1.0", id: "three", source: "/a", type: "b.x", subject: "three" },
  ]);
  const isRouted = async () =>
    (await owner.query("SELECT routed = (SELECT max(position) FROM events) AS is_routed FROM event_streams"))
      .rows[0].is_routed;
  await until(isRouted);
  assert.equal(refusing, undefined);
  resolve();
  await until(async () => started.length === 1);
  assert.deepEqual(started, ["three"]);
});

test("what a happening needs: it is told by the same process, not only by the next one that leads", async () => {
  const executionId = newId();
  const failure = { code: "BROKEN", class: "server", message: "It broke." };
  isLookUpLost = true;
  tellTurn({
    ...{ offset: 1, orgId, workflowId: newId(), executionId, seq: 2, atMs: Date.now(), status: "failed" },
    facts: [{ t: "ExecutionFinished", status: "failed", failure }],
  } as unknown as CommittedTurn);
  await until(async () => {
    const { rows } = await owner.query("SELECT type FROM events WHERE event_id = $1", [
      `${executionId}/ended`,
    ]);
    return rows.length === 1 && rows[0].type === "auraos.execution.failed";
  });
  assert.equal(isLookUpLost, false);
});
