// The store against a real PostgreSQL: what is flushed is read back, all of it or nothing.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import pg from "pg";
import { migrate } from "../../migrations/migrate.ts";
import { freshDatabase } from "../../testing/freshDatabase.ts";
import { StoreError, type StoreErrorKind } from "../store.ts";
import { batchOf, holderNamed, idAt, newId, startOf, turnOf, updateOf } from "./batches.ts";
import { openPostgresStore } from "./store.ts";

after(() => Promise.all([store.close(), pool.end()]));
const { url } = await freshDatabase({ after }, migrate);
const store = openPostgresStore(url);
const pool = new pg.Pool({ connectionString: url, max: 2 });
const { epoch } = (await store.acquire(holderNamed("one"), { leaseMs: 60_000 })) as { epoch: number };
const org = newId();

test("what was flushed is loaded as it was", async () => {
  const id = newId();
  const start = startOf(id, org, {
    mode: "test",
    triggerNode: "hook",
    parentId: newId(),
    parentCommand: "child:0",
    originId: newId(),
    depth: 3,
    actor: "Ada",
    cause: "webhook",
    traceId: "0af7651916cd43dd8448eb211c80319c",
    concurrencyKey: "customer-7",
    startedAtMs: 1_764_000_000_123,
  });
  const turns = [turnOf(id, org, 1), turnOf(id, org, 2)];
  const update = updateOf(id, "waiting", { seq: 2, wakeAtMs: 1_764_000_100_999 });
  assert.equal(await store.flush(epoch, batchOf({ starts: [start], turns, updates: [update] })), "committed");

  const { input: _input, inputBlob: _inputBlob, ...expected } = start;
  assert.deepEqual(await loadOne(id), {
    start: expected,
    status: "waiting",
    wakeAtMs: 1_764_000_100_999,
    snapshot: null,
    turns: turns.map(({ seq, atMs, body }) => ({ seq, atMs, body })),
  });
  assert.deepEqual(await store.lastSeqs([id, newId()]), new Map([[id, 2]]));
  assert.deepEqual(await store.openExecutions?.(org, start.workflowId, "customer-7"), [id]);
});

test("an execution that ends is open no more, and its row says how it ended", async () => {
  const ended = newId();
  const atOnce = newId();
  const before = await store.openCount(org);
  await store.flush(epoch, batchOf({ starts: [startOf(ended, org)], turns: [turnOf(ended, org, 1)] }));
  assert.equal(await store.openCount(org), before + 1);
  assert.ok((await store.runningExecutions(null, 100)).includes(ended));

  const done = { completedAtMs: 1_764_000_000_000, output: Buffer.from('["ok"]'), durationMs: 2 ** 40 };
  const usage = { tokensIn: 2 ** 40, tokensOut: 0, costMicros: 12 };
  await store.flush(
    epoch,
    batchOf({
      starts: [startOf(atOnce, org)],
      turns: [turnOf(ended, org, 2), turnOf(atOnce, org, 1)],
      updates: [
        updateOf(ended, "waiting", { seq: 2 }),
        updateOf(ended, "succeeded", { ...done, seq: 2, usage }),
        updateOf(atOnce, "failed", { ...done, errorCode: "E1", errorMessage: "no\0good" }),
      ],
    }),
  );
  assert.equal(await store.openCount(org), before);
  const { rows } = await pool.query(
    `SELECT id, status, output_data, execution_time, last_seq, error_code, error_message, tokens_in, tokens_out, cost_micros FROM workflow_executions
      WHERE id = ANY ($1) ORDER BY last_seq`,
    [[ended, atOnce]],
  );
  const none = { tokens_in: null, tokens_out: null, cost_micros: null };
  const used = { tokens_in: 2 ** 40, tokens_out: 0, cost_micros: 12 };
  const output = { output_data: '["ok"]', execution_time: 2 ** 31 - 1 };
  assert.deepEqual(rows, [
    {
      id: atOnce,
      status: "failed",
      ...output,
      last_seq: 1,
      error_code: "E1",
      error_message: "no\u2400good",
      ...none,
    },
    {
      id: ended,
      status: "succeeded",
      ...output,
      last_seq: 2,
      error_code: null,
      error_message: null,
      ...used,
    },
  ]);
});

test("due are those that run and those whose time has come, oldest wake first", async () => {
  const other = newId();
  const [running, soon, later, future] = [newId(), newId(), newId(), newId()];
  const ids = [running, soon, later, future];
  const wakes = [null, 1000, 2000, 9000];
  await store.flush(
    epoch,
    batchOf({
      starts: ids.map((id) => startOf(id, other)),
      turns: ids.map((id) => turnOf(id, other, 1)),
      updates: ids
        .slice(1)
        .map((id, index) => updateOf(id, "waiting", { wakeAtMs: wakes[index + 1] ?? null })),
    }),
  );
  const due = (await store.dueExecutions(2000, 100)).filter((row) => ids.includes(row.executionId));
  assert.deepEqual(due, [
    { executionId: soon, wakeAtMs: 1000 },
    { executionId: later, wakeAtMs: 2000 },
    { executionId: running, wakeAtMs: null },
  ]);
  const next = await store.dueExecutions(2000, 100, { executionId: soon as string, wakeAtMs: 1000 });
  assert.deepEqual(
    next.filter((row) => ids.includes(row.executionId)),
    [{ executionId: later, wakeAtMs: 2000 }],
    "after the last of a page, and nothing without a time",
  );
  assert.equal(await store.nextWake(2000), 9000);
  assert.equal(await store.nextWake(Date.now() + 1e12), null);
  assert.equal((await store.dueExecutions(2000, 1)).length, 1);
});

test("what an update of an execution sets is in no index, so that it can stay on its page", async () => {
  const set = [
    "status",
    "last_seq",
    "wake_at",
    "completed_at",
    "output_data",
    "output_blob",
    "error_code",
    "error_message",
  ];
  const { rows } = await pool.query(
    "SELECT indexdef FROM pg_indexes WHERE tablename = 'workflow_executions' AND indexdef ~ $1",
    [`\\m(${set.join("|")}|execution_time)\\M`],
  );
  // What succeeds leaves the error code as it was, null; only a failure is then worth an entry.
  const ofFailures = /WHERE \(error_code IS NOT NULL\)$/;
  const others = set.filter((column) => column !== "error_code").join("|");
  const found = rows.filter(
    ({ indexdef }) =>
      !ofFailures.test(indexdef) || new RegExp(`\\b(${others}|execution_time)\\b`).test(indexdef),
  );
  assert.deepEqual(found, []);
});

test("a flush is all or nothing", async () => {
  const [good, bad] = [newId(), newId()];
  const starts = [startOf(good, org), startOf(bad, org)];
  const turns = [turnOf(good, org, 1), turnOf(bad, org, 1), turnOf(bad, org, 1)];
  await rejectsAs("data", store.flush(epoch, batchOf({ starts, turns, stats: Buffer.from("[]") })));
  assert.deepEqual(await store.lastSeqs([good, bad]), new Map());
  assert.equal((await store.load([good, bad])).size, 0);
  assert.equal((await pool.query("SELECT 1 FROM stat_deltas")).rowCount, 0);
});

test("bodies that jsonb refuses harm nobody", async () => {
  const bodies = [
    '["\\u0000"]',
    '["\\ud800"]',
    "[1e400000]",
    `[${"[".repeat(20_000)}${"]".repeat(20_000)}]`,
    '["\u{1F600}"]',
  ];
  const ids = bodies.map(() => newId());
  await store.flush(
    epoch,
    batchOf({
      starts: ids.map((id, index) => startOf(id, org, { input: Buffer.from(bodies[index] as string) })),
      turns: ids.map((id, index) => turnOf(id, org, 1, bodies[index])),
    }),
  );
  for (const [index, id] of ids.entries()) {
    assert.equal(Buffer.from((await loadOne(id)).turns[0]?.body ?? []).toString(), bodies[index]);
  }
  const { rows } = await pool.query(
    "SELECT input_data FROM workflow_executions_json WHERE id = ANY ($1) ORDER BY array_position($1, id)",
    [ids],
  );
  assert.deepEqual(
    rows.map((row) => row.input_data),
    [null, null, null, null, ["\u{1F600}"]],
  );
});

test("what cannot be stored is an error of the data, and the next flush goes on", async () => {
  const id = newId();
  const flush = (parts: Parameters<typeof batchOf>[0]) => store.flush(epoch, batchOf(parts));
  await rejectsAs("data", flush({ turns: [turnOf("not an id", org, 1)] }));
  await rejectsAs("data", flush({ starts: [startOf(id, org, { input: Buffer.from([0xff]) })] }));
  await rejectsAs("data", flush({ starts: [startOf(id, org, { actor: "x", startedAtMs: 1e17 })] }));
  await rejectsAs("data", flush({ turns: [turnOf(id, org, 0)] }));
  await rejectsAs(
    "data",
    flush({ startKeys: [keyOf(id, randomBytes(9_000).toString("hex"))], starts: [startOf(id, org)] }),
  );
  assert.equal(await flush({ starts: [startOf(id, org)], turns: [turnOf(id, org, 1)] }), "committed");
});

test("a history with a gap, without its end or without its start is refused by name", async () => {
  const [gap, cut, orphan, good] = [newId(), newId(), newId(), newId()];
  const starts = [gap, cut, good].map((id) => startOf(id, org));
  const turns = [gap, cut, good, orphan].flatMap((id) => [1, 2, 3].map((seq) => turnOf(id, org, seq)));
  const updates = [updateOf(cut, "waiting", { seq: 3 })];
  await store.flush(epoch, batchOf({ starts, turns, updates }));
  await pool.query("DELETE FROM turns WHERE execution_id = $1 AND seq = 2", [gap]);
  await pool.query("DELETE FROM turns WHERE execution_id = $1 AND seq = 3", [cut]);
  for (const id of [gap, cut, orphan]) {
    const error = await rejectsAs("corrupt", store.load([good, id]));
    assert.match(error.message, new RegExp(id));
  }
  assert.equal((await loadOne(good)).turns.length, 3);
});

test("a snapshot saves the turns it covers, except for who wants the whole history", async () => {
  const id = newId();
  await store.flush(
    epoch,
    batchOf({ starts: [startOf(id, org)], turns: [1, 2, 3].map((seq) => turnOf(id, org, seq)) }),
  );
  await store.putSnapshot(epoch, { executionId: id, orgId: org, seq: 2, body: Buffer.from("two") });
  await store.putSnapshot(epoch, { executionId: id, orgId: org, seq: 1, body: Buffer.from("one") });
  await store.putSnapshot(epoch - 1, { executionId: id, orgId: org, seq: 3, body: Buffer.from("deposed") });
  const loaded = await loadOne(id);
  assert.deepEqual(loaded.snapshot, { seq: 2, body: Buffer.from("two") });
  assert.deepEqual(
    loaded.turns.map((turn) => turn.seq),
    [3],
  );
  const whole = (await store.load([id], { whole: true })).get(id);
  assert.equal(whole?.snapshot, null);
  assert.deepEqual(
    whole?.turns.map((turn) => turn.seq),
    [1, 2, 3],
  );
});

test("a start key names one execution until it expires", async () => {
  const [first, second, third] = [newId(), newId(), newId()];
  const start = (id: string, startedAtMs: number, expiresAtMs: number) =>
    store.flush(
      epoch,
      batchOf({
        starts: [startOf(id, org, { startedAtMs })],
        turns: [turnOf(id, org, 1)],
        startKeys: [{ ...keyOf(id, "order\0 1"), expiresAtMs }],
      }),
    );
  await start(first, 1000, 5000);
  const refused = await rejectsAs("data", start(second, 4999, 9000));
  assert.match(refused.message, /start key/);
  assert.deepEqual(await store.lastSeqs([second]), new Map());
  const { executionId: _id, requestHash: _hash, expiresAtMs: _at, ...key } = keyOf(first, "order\0 1");
  assert.deepEqual(await store.findStartKeys([{ ...key, key: "other" }, key]), [
    { ...keyOf(first, "order\0 1"), expiresAtMs: 5000 },
  ]);
  assert.equal(await start(third, 5000, 9000), "committed");
  assert.equal((await store.findStartKeys([key]))[0]?.executionId, third);
});

test("effects keep their last outcome and the deadline of the intent; waits open, change, close", async () => {
  const id = newId();
  const effect = { executionId: id, orgId: org, command: "pay", attempt: 1, key: "k", atMs: 1000 };
  const wait = {
    executionId: id,
    orgId: org,
    run: "ask",
    kind: "approval" as const,
    openedAtMs: 1000,
    expiresAtMs: null,
  };
  await store.flush(
    epoch,
    batchOf({
      starts: [startOf(id, org)],
      turns: [turnOf(id, org, 1)],
      effects: [
        { ...effect, outcome: "intended", deadlineMs: 2000 },
        { ...effect, command: "mail", outcome: "intended", deadlineMs: 3000 },
        { ...effect, command: "mail", outcome: "done", deadlineMs: null },
      ],
      waitsOpened: [
        { ...wait, wait: "w1", title: "May I?", assignees: ["ada", "bob"] },
        { ...wait, wait: "w2", title: null, assignees: [] },
      ],
      waitsClosed: [{ executionId: id, wait: "w2" }],
    }),
  );
  await store.flush(
    epoch,
    batchOf({
      turns: [turnOf(id, org, 2)],
      effects: [{ ...effect, outcome: "unknown", deadlineMs: null }],
      waitsOpened: [{ ...wait, wait: "w1", title: "May I?", assignees: ["eve"] }],
    }),
  );
  await store.flush(
    epoch,
    batchOf({ turns: [turnOf(id, org, 3)], waitsClosed: [{ executionId: id, wait: "w1" }] }),
  );
  const effects = await pool.query(
    "SELECT command, outcome, extract(epoch FROM deadline)::float8 AS deadline FROM effects WHERE execution_id = $1 ORDER BY 1",
    [id],
  );
  assert.deepEqual(effects.rows, [
    { command: "mail", outcome: "done", deadline: 3 },
    { command: "pay", outcome: "unknown", deadline: 2 },
  ]);
  const waits = await pool.query(
    "SELECT wait, assignees, closed_at IS NOT NULL AS closed FROM waits WHERE execution_id = $1",
    [id],
  );
  assert.deepEqual(waits.rows, [{ wait: "w1", assignees: ["eve"], closed: true }]);
});

test("the inbox takes a key once, tells at once, and a row leaves with the turn it caused", async () => {
  let told = () => {};
  const listener = openPostgresStore(url);
  const leave = listener.watchInbox?.(() => told());
  try {
    // Told once the connection stands, then for each row.
    await new Promise<void>((resolve) => (told = resolve));
    const next = new Promise<void>((resolve) => (told = resolve));
    const row = {
      id: newId(),
      orgId: org,
      executionId: newId(),
      kind: "signal",
      body: Buffer.from("{}"),
      atMs: 1000,
    };
    assert.equal(await store.putInbox({ ...row, dedupeKey: "a" }), "stored");
    assert.equal(await store.putInbox({ ...row, id: newId(), dedupeKey: "a" }), "repeated");
    assert.equal(
      await store.putInbox({ ...row, id: newId(), orgId: newId(), dedupeKey: "a", atMs: 2000 }),
      "stored",
    );
    await next;
    assert.deepEqual(await store.inbox(1), [row]);
    await store.flush(epoch, batchOf({ inboxDone: [row.id] }));
    assert.equal((await store.inbox(10)).length, 1);
  } finally {
    leave?.();
    await listener.close();
  }
});

test("ids of any time find a place", async () => {
  const ids = [idAt(0), idAt(Date.UTC(2019, 1)), idAt(Date.UTC(2090, 1))];
  const starts = ids.map((id) => startOf(id, org));
  assert.equal(
    await store.flush(epoch, batchOf({ starts, turns: ids.map((id) => turnOf(id, org, 1)) })),
    "committed",
  );
  assert.equal((await store.load(ids)).size, 3);
});

function keyOf(executionId: string, key: string) {
  return {
    orgId: org,
    workflowId: org,
    envId: org,
    key,
    executionId,
    requestHash: "h",
    expiresAtMs: Date.now() + 60_000,
  };
}

async function loadOne(id: string) {
  const loaded = (await store.load([id])).get(id);
  assert.ok(loaded);
  return loaded;
}

async function rejectsAs(kind: StoreErrorKind, action: Promise<unknown>): Promise<StoreError> {
  const error = await action.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof StoreError, String(error));
  assert.equal(error.kind, kind, error.message);
  return error;
}
