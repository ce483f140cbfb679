// Two writers and broken connections: whatever happens, nobody writes after a takeover, and what became of a flush
// can always be found out.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { migrate } from "../../migrations/migrate.ts";
import { freshDatabase } from "../../testing/freshDatabase.ts";
import { type Store, StoreError } from "../store.ts";
import { batchOf, holderNamed, newId, startOf, turnOf } from "./batches.ts";
import { openPostgresStore } from "./store.ts";
import { openWireProxy, statementsOf } from "./wireProxy.ts";

after(() => Promise.all([one.close(), two.close(), pool.end()]));
const { url } = await freshDatabase({ after }, migrate);
const one = openPostgresStore(url);
const two = openPostgresStore(url);
const pool = new pg.Pool({ connectionString: url, max: 3 });
const org = newId();
const lease = { leaseMs: 60_000 };

test("the lease goes to one holder, and to another when it is free, expired, or held by one that is known dead", async () => {
  assert.equal(await one.holder(), null);
  assert.deepEqual(await one.acquire(holderNamed("one"), { leaseMs: 30_000 }), {
    epoch: 1,
    timelineChanged: false,
  });
  assert.equal(await two.acquire(holderNamed("two"), lease), null);
  const holder = await two.holder();
  assert.ok(holder && holder.expiresInMs > 0 && holder.expiresInMs <= 30_000);
  assert.deepEqual({ ...holder, expiresInMs: 0 }, { ...holderNamed("one"), epoch: 1, expiresInMs: 0 });
  assert.equal(await one.renew(1, 300), true);

  await delay(400);
  assert.equal((await two.acquire(holderNamed("two"), lease))?.epoch, 2);
  assert.equal(await one.renew(1, 300), false);
  await one.release(1);
  assert.equal((await one.holder())?.id, "two");
  assert.equal(await one.acquire(holderNamed("one"), { ...lease, insteadOf: "three" }), null);
  assert.equal((await one.acquire(holderNamed("one"), { ...lease, insteadOf: "two" }))?.epoch, 3);
  assert.equal((await one.acquire(holderNamed("one"), lease))?.epoch, 4);
  await one.release(4);
  assert.equal(await one.holder(), null);
});

test("taking over from oneself needs a lease that nobody else has held since, though it may have run out", async () => {
  const ours = { ...lease, isOurs: true };
  assert.equal(await one.acquire(holderNamed("one"), ours), null, "it was given back");
  const taken = (await one.acquire(holderNamed("one"), { leaseMs: 1 }))?.epoch ?? 0;
  await delay(20);
  assert.equal((await one.acquire(holderNamed("one"), ours))?.epoch, taken + 1);
  await two.acquire(holderNamed("two"), { leaseMs: 1, insteadOf: "one" });
  await delay(20);
  assert.equal(await one.acquire(holderNamed("one"), ours), null, "another one has led");
  assert.equal((await one.acquire(holderNamed("one"), lease))?.epoch, taken + 3);
  await one.release(taken + 3);
});

test("a database that went on from another copy of itself says so when the lease is taken, once", async () => {
  const holder = holderNamed("one");
  await pool.query("UPDATE engine_lease SET timeline = timeline + 1");
  assert.equal((await one.acquire(holder, lease))?.timelineChanged, true);
  const again = await one.acquire(holder, lease);
  assert.equal(again?.timelineChanged, false);
  await one.release(again?.epoch ?? 0);
});

test("a deposed writer commits nothing at all", async () => {
  const old = await take(one, "one");
  const id = newId();
  const message = {
    id: newId(),
    orgId: org,
    executionId: id,
    kind: "signal",
    body: Buffer.from("{}"),
    atMs: 1,
  };
  await one.putInbox({ ...message, dedupeKey: null });
  await take(two, "two");
  const batch = batchOf({
    starts: [startOf(id, org)],
    turns: [turnOf(id, org, 1)],
    startKeys: [
      {
        orgId: org,
        workflowId: org,
        envId: org,
        key: "k",
        executionId: id,
        requestHash: "h",
        expiresAtMs: 1,
      },
    ],
    inboxDone: [message.id],
    stats: Buffer.from("[]"),
  });
  assert.equal(await one.flush(old, batch), "deposed");
  assert.equal((await one.load([id])).size, 0);
  assert.equal((await one.inbox(10)).length, 1);
  const { rows } = await pool.query(
    "SELECT (SELECT count(*) FROM start_keys) + (SELECT count(*) FROM stat_deltas) + (SELECT count(*) FROM open_executions) AS n",
  );
  assert.equal(Number(rows[0].n), 0);
});

test("a takeover waits for the flush under way, and then sees what it wrote", async () => {
  const epoch = await take(one, "one");
  const id = newId();
  await one.flush(epoch, batchOf({ starts: [startOf(id, org)], turns: [turnOf(id, org, 1)] }));

  // Somebody holds the primary key that the flush wants, so it stands still after it has passed the fence.
  const blocker = await pool.connect();
  await blocker.query("BEGIN");
  await blocker.query(
    "INSERT INTO turns (execution_id, seq, org_id, at, body) VALUES ($1, 2, $2, now(), '')",
    [id, org],
  );
  const flushed = one.flush(epoch, batchOf({ turns: [turnOf(id, org, 2)] }));
  await untilWaiting("auraos flush");
  let isTaken = false;
  const taken = take(two, "two").finally(() => {
    isTaken = true;
  });
  await untilWaiting("auraos lease");
  assert.equal(isTaken, false);
  await blocker.query("ROLLBACK");
  blocker.release();

  assert.equal(await taken, epoch + 1);
  assert.deepEqual(await two.lastSeqs([id]), new Map([[id, 2]]));
  assert.equal(await flushed, "committed");
});

test("a flush that waited for a takeover is deposed", async () => {
  const epoch = await take(one, "one");
  const id = newId();
  const takeover = await pool.connect();
  await takeover.query("BEGIN");
  await takeover.query("UPDATE engine_lease SET epoch = epoch + 1 WHERE id = 1");
  const flushed = one.flush(epoch, batchOf({ turns: [turnOf(id, org, 1)] }));
  await untilWaiting("auraos flush");
  await takeover.query("COMMIT");
  takeover.release();
  assert.equal(await flushed, "deposed");
  assert.deepEqual(await one.lastSeqs([id]), new Map());
});

test("two writers that depose each other all the time leave one history without gap, epochs in order", async () => {
  const id = newId();
  const epoch = await take(one, "one");
  await one.flush(epoch, batchOf({ starts: [startOf(id, org)], turns: [turnOf(id, org, 1, String(epoch))] }));
  // Long enough for many takeovers, however busy the machine is.
  const begun = performance.now();
  let takeovers = 0;
  const isOver = (): boolean => {
    const ms = performance.now() - begun;
    return ms > 20_000 || (ms > 500 && takeovers > 40);
  };
  const write = async (store: Store, name: string) => {
    while (!isOver()) {
      const mine = await take(store, name);
      takeovers++;
      let seq = (await store.lastSeqs([id])).get(id) ?? 0;
      let outcome = "committed";
      while (outcome === "committed" && !isOver()) {
        seq += 1;
        // A turn of both would be a data error: the primary key is the second wall.
        outcome = await store.flush(mine, batchOf({ turns: [turnOf(id, org, seq, String(mine))] }));
      }
      await delay(Math.random() * 4);
    }
  };
  await Promise.all([write(one, "one"), write(two, "two")]);
  const turns = (await one.load([id])).get(id)?.turns ?? [];
  const epochs = turns.map((turn) => Number(Buffer.from(turn.body)));
  assert.deepEqual(
    epochs,
    epochs.toSorted((a, b) => a - b),
  );
  assert.ok(new Set(epochs).size > 10, `${epochs.length} turns of ${new Set(epochs).size} epochs`);
});

test("a backend that dies under a flush leaves the outcome unknown; the engine takes over from itself and looks", async () => {
  const epoch = await take(one, "one");
  const id = newId();
  await one.flush(epoch, batchOf({ starts: [startOf(id, org)], turns: [turnOf(id, org, 1)] }));
  const blocker = await pool.connect();
  await blocker.query("BEGIN");
  await blocker.query(
    "INSERT INTO turns (execution_id, seq, org_id, at, body) VALUES ($1, 2, $2, now(), '')",
    [id, org],
  );
  const batch = batchOf({ turns: [turnOf(id, org, 2)] });
  const refused = assert.rejects(one.flush(epoch, batch), isKind("unknownOutcome"));
  await untilWaiting("auraos flush");
  await pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auraos flush' AND datname = current_database()",
  );
  await refused;
  await blocker.query("ROLLBACK");
  blocker.release();

  const next = await take(one, "one");
  assert.deepEqual(await one.lastSeqs([id]), new Map([[id, 1]]));
  assert.equal(await one.flush(next, batch), "committed");
});

test("an answer that is lost after the commit is an unknown outcome too, and the turn is found", async (t) => {
  const proxy = await openWireProxy(url);
  const store = openPostgresStore(proxy.url);
  t.after(() => store.close().finally(() => proxy.close()));
  const epoch = await take(store, "one");
  const id = newId();
  await store.flush(epoch, batchOf({ starts: [startOf(id, org)], turns: [turnOf(id, org, 1)] }));
  proxy.loseAnswerTo("lost-answer");
  await assert.rejects(
    store.flush(epoch, batchOf({ turns: [turnOf(id, org, 2, "lost-answer")] })),
    isKind("unknownOutcome"),
  );
  const next = await take(store, "one");
  assert.deepEqual(await store.lastSeqs([id]), new Map([[id, 2]]));
  assert.equal(await store.flush(next, batchOf({ turns: [turnOf(id, org, 3)] })), "committed");
});

test("a flush is one statement and one round trip, whatever is in it", async (t) => {
  const proxy = await openWireProxy(url);
  const store = openPostgresStore(proxy.url);
  t.after(() => store.close().finally(() => proxy.close()));
  const epoch = await take(store, "one");
  const id = newId();
  await store.flush(
    epoch,
    batchOf({ starts: [startOf(id, org)], turns: [turnOf(id, org, 1)], stats: Buffer.from("[]") }),
  );
  const full = (seq: number) =>
    store.flush(
      epoch,
      batchOf({
        turns: [turnOf(id, org, seq)],
        starts: [startOf(newId(), org)],
        inboxDone: [newId()],
        waitsClosed: [{ executionId: id, wait: "w" }],
        stats: Buffer.from("[]"),
      }),
    );
  await full(2);
  const before = statementsOf(proxy);
  const syncs = proxy.sent.get("S") ?? 0;
  const parses = proxy.sent.get("P") ?? 0;
  await full(3);
  assert.equal(statementsOf(proxy) - before, 1);
  assert.equal((proxy.sent.get("S") ?? 0) - syncs, 1);
  assert.equal(proxy.sent.get("P"), parses, "the shape is prepared once");
});

test("without a server nothing is written and nothing hangs; a second flush at once is a mistake", async () => {
  const lostUrl = new URL(url);
  lostUrl.searchParams.set("host", "/nowhere");
  const store = openPostgresStore(lostUrl.href);
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await assert.rejects(store.flush(1, batchOf({})), isKind("unavailable"));
    }
    await assert.rejects(store.load([newId()]), isKind("unavailable"));
    const first = store.flush(1, batchOf({}));
    await assert.rejects(store.flush(1, batchOf({})), /ordered/);
    await assert.rejects(first, isKind("unavailable"));
  } finally {
    await store.close();
  }
});

async function take(store: Store, name: string): Promise<number> {
  for (;;) {
    const insteadOf = (await store.holder())?.id;
    const taken = await store.acquire(holderNamed(name), { ...lease, insteadOf });
    if (taken !== null) return taken.epoch;
  }
}

async function untilWaiting(name: string): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      "SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database() AND wait_event_type = 'Lock'",
      [name],
    );
    if (rowCount) return;
    await delay(5);
  }
}

function isKind(kind: StoreError["kind"]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.kind, kind, error.message);
    return true;
  };
}
