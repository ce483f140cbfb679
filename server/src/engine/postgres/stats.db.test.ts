// Minutes plus what waits to be merged always equal what was flushed, before, between and after rollups.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { migrate } from "../../migrations/migrate.ts";
import { openPool } from "../../platform/db.ts";
import { freshDatabase } from "../../testing/freshDatabase.ts";
import { batchOf, holderNamed, newId } from "./batches.ts";
import { decodeHistogram, encodeHistogram } from "./histogram.ts";
import { readStats, rollUpStats, type StatDelta } from "./stats.ts";
import { openPostgresStore } from "./store.ts";

after(() => Promise.all([store.close(), pool.end()]));
const { url } = await freshDatabase({ after }, migrate);
const store = openPostgresStore(url);
const pool = openPool(url, { role: "auraos_engine", name: "statistics", max: 3 });

test("deltas become minutes, exactly once", async () => {
  const { epoch } = (await store.acquire(holderNamed("one"), { leaseMs: 60_000 })) as { epoch: number };
  const [org, other, workflow] = [newId(), newId(), newId()];
  const delta = (more: Partial<StatDelta>): StatDelta => ({
    org,
    workflow,
    node: "send",
    worker: "local",
    minute: 29_400_000,
    count: 2,
    failures: 1,
    hist: { 0: 1, 300: 1 },
    ...more,
  });
  const flush = (...deltas: StatDelta[]) =>
    store.flush(epoch, batchOf({ stats: Buffer.from(JSON.stringify(deltas)) }));
  const read = () => readStats(pool, { orgId: org, fromMs: 29_400_000 * 60_000, toMs: 29_400_002 * 60_000 });

  await flush(delta({}), delta({ node: null, worker: null, count: 1, failures: 0, hist: { 7: 1 } }));
  await flush(delta({}), delta({ org: other }), delta({ minute: 29_400_001 }), delta({ minute: 29_400_002 }));
  const expected = [
    {
      workflow,
      node: "send",
      worker: "local",
      minute: 29_400_000,
      count: 4,
      failures: 2,
      hist: { 0: 2, 300: 2 },
    },
    { workflow, node: null, worker: null, minute: 29_400_000, count: 1, failures: 0, hist: { 7: 1 } },
    {
      workflow,
      node: "send",
      worker: "local",
      minute: 29_400_001,
      count: 2,
      failures: 1,
      hist: { 0: 1, 300: 1 },
    },
  ];
  const byNode = (rows: typeof expected) => rows.toSorted((a, b) => a.minute - b.minute || b.count - a.count);
  assert.deepEqual(byNode((await read()) as typeof expected), expected);

  // Two at once share the work and count nothing twice.
  const merged = await Promise.all([rollUpStats(pool), rollUpStats(pool)]);
  assert.equal(merged[0] + merged[1], 2);
  assert.deepEqual(byNode((await read()) as typeof expected), expected);

  await flush(delta({ hist: { 300: 2 } }));
  const grown = [{ ...expected[0], count: 6, failures: 3, hist: { 0: 2, 300: 4 } }, ...expected.slice(1)];
  assert.deepEqual(byNode((await read()) as typeof expected), grown);
  assert.equal(await rollUpStats(pool), 1);
  assert.deepEqual(byNode((await read()) as typeof expected), grown);
  assert.deepEqual(await readStats(pool, { orgId: org, workflowId: newId(), fromMs: 0, toMs: 1e15 }), []);
});

test("a histogram survives its bytes", () => {
  const histogram = { 0: 3, 7: 1, 300: 70_000, 1222: 2 ** 32 - 1 };
  assert.deepEqual(decodeHistogram(encodeHistogram(histogram)), histogram);
  assert.deepEqual(decodeHistogram(encodeHistogram({ 5: 2 ** 40 })), { 5: 2 ** 32 - 1 });
});
