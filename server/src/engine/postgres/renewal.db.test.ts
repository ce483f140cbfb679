// A renewal of the lease in the middle of a flush: the flush waits for the row, looks at it again and goes on.
// PostgreSQL 18.4 crashed here, each time, when the flush also updated executions (migrations/0007 says why).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { migrate } from "../../migrations/migrate.ts";
import { freshDatabase } from "../../testing/freshDatabase.ts";
import { batchOf, holderNamed, newId, startOf, turnOf, updateOf } from "./batches.ts";
import { openPostgresStore } from "./store.ts";

/** Few rows may survive reading what was freed. */
const ROWS = 1_500;

after(() => Promise.all([store.close(), renewer.end()]));
const { url } = await freshDatabase({ after }, migrate);
const store = openPostgresStore(url);
const renewer = new pg.Client({ connectionString: url });
await renewer.connect();

test("a flush that meets a renewal is committed", async () => {
  const org = newId();
  const ids = Array.from({ length: ROWS }, newId);
  const { epoch } = (await store.acquire(holderNamed("one"), { leaseMs: 60_000 })) as { epoch: number };
  const starts = ids.map((id) => startOf(id, org));
  await store.flush(epoch, batchOf({ starts, turns: ids.map((id) => turnOf(id, org, 1)) }));

  for (const seq of [2, 3]) {
    await renewer.query(
      "BEGIN; UPDATE engine_lease SET expires_at = now() + interval '1 minute' WHERE id = 1",
    );
    const flushed = store.flush(
      epoch,
      batchOf({
        turns: ids.map((id) => turnOf(id, org, seq)),
        updates: ids.map((id) => updateOf(id, "waiting", { seq })),
        stats: Buffer.from("[]"),
      }),
    );
    await delay(100);
    await renewer.query("COMMIT");
    assert.equal(await flushed, "committed");
  }
  assert.deepEqual([...new Set((await store.lastSeqs(ids)).values())], [3]);
});
