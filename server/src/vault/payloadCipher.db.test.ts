// What executions carry is ciphertext in the database; it opens with its key, for its organization, at its place.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import pg from "pg";
import { batchOf, holderNamed, newId, startOf, turnOf, updateOf } from "../engine/postgres/batches.ts";
import { StoreError } from "../engine/store.ts";
import { migrate, rollback } from "../migrations/migrate.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { rootsOf, sealingStore } from "../testing/sealingStore.ts";
import { createPayloadCipher, PayloadErased } from "./payloadCipher.ts";

after(() => Promise.all([store.close(), admin.end()]));
const { url } = await freshDatabase({ after }, migrate);
const root = randomBytes(32);
const store = sealingStore(url, root);
const admin = new pg.Pool({ connectionString: url, max: 2 });

const CANARY = "canary-7f3a91";
const body = `[{"t":"Now","at":1,"note":"${CANARY}"}]`;
const [org, other] = [newId(), newId()];
const text = Buffer.from(body);

async function lead(which = store): Promise<number> {
  const taken = await which.acquire(holderNamed(newId()), { leaseMs: 60_000, insteadOf: await holder() });
  return (taken as { epoch: number }).epoch;
}
async function holder(): Promise<string> {
  return (await store.holder())?.id ?? "nobody";
}
const cipherOf = (roots: ReturnType<typeof rootsOf>, more: { nowMs?: () => number; isOn?: boolean } = {}) =>
  createPayloadCipher({ pool: admin, roots, newId, nowMs: Date.now, isOn: true, ...more });

test("a whole execution stands in the database as ciphertext, and is read back", async () => {
  const epoch = await lead();
  const id = newId();
  const output = Buffer.from(JSON.stringify({ note: CANARY }));
  const outcome = await store.flush(
    epoch,
    batchOf({
      starts: [startOf(id, org, { input: output })],
      turns: [turnOf(id, org, 1, body), turnOf(id, org, 2, body)],
      updates: [updateOf(id, "succeeded", { orgId: org, seq: 2, completedAtMs: 1, output })],
    }),
  );
  assert.equal(outcome, "committed");
  await store.putSnapshot(epoch, { executionId: id, orgId: org, seq: 1, body: text });
  const row = {
    id: newId(),
    orgId: org,
    executionId: newId(),
    kind: "start",
    body: text,
    atMs: 1,
    dedupeKey: "k",
  };
  assert.equal(await store.putInbox(row), "stored");

  assert.deepEqual(await rowsWith(CANARY), []);
  const { rows: keys } = await admin.query(
    "SELECT DISTINCT codec, key_id FROM turns WHERE execution_id = $1",
    [id],
  );
  assert.deepEqual(
    keys.map(({ codec }) => codec),
    [1],
  );

  const whole = (await store.load([id], { whole: true })).get(id);
  assert.deepEqual(
    whole?.turns.map((turn) => Buffer.from(turn.body).toString()),
    [body, body],
  );
  const tail = (await store.load([id])).get(id);
  assert.equal(Buffer.from(tail?.snapshot?.body ?? []).toString(), body);
  assert.equal(tail?.turns.length, 1);
  assert.equal(Buffer.from((await store.inbox(10))[0]?.body ?? []).toString(), body);
  assert.equal(Buffer.from((await store.findInbox(org, "k"))?.body ?? []).toString(), body);
});

test("two flushes of one execution by two processes open with the key of each", async () => {
  const id = newId();
  const second = sealingStore(url, root);
  try {
    assert.equal(
      await store.flush(await lead(), batchOf({ starts: [startOf(id, org)], turns: [turnOf(id, org, 1)] })),
      "committed",
    );
    assert.equal(
      await second.flush(await lead(second), batchOf({ turns: [turnOf(id, org, 2)] })),
      "committed",
    );
    const third = sealingStore(url, root);
    const read = (await third.load([id])).get(id);
    assert.equal(read?.turns.length, 2);
    await third.close();
    const { rows } = await admin.query(
      "SELECT count(DISTINCT key_id) AS keys FROM turns WHERE execution_id = $1",
      [id],
    );
    assert.equal(Number(rows[0].keys), 2);
  } finally {
    await second.close();
  }
});

test("plain and sealed bodies of one execution are read together, in either order", async () => {
  const id = newId();
  const plain = sealingStore(url, root, false);
  try {
    assert.equal(
      await plain.flush(
        await lead(plain),
        batchOf({ starts: [startOf(id, org)], turns: [turnOf(id, org, 1, body)] }),
      ),
      "committed",
    );
    assert.equal(
      await store.flush(await lead(), batchOf({ turns: [turnOf(id, org, 2, body)] })),
      "committed",
    );
    assert.equal(
      await plain.flush(await lead(plain), batchOf({ turns: [turnOf(id, org, 3, body)] })),
      "committed",
    );
    const read = (await plain.load([id])).get(id);
    assert.deepEqual(
      read?.turns.map((turn) => Buffer.from(turn.body).toString()),
      [body, body, body],
    );
  } finally {
    await plain.close();
  }
});

test("a changed, moved or foreign body does not open", async () => {
  const cipher = cipherOf(rootsOf(root));
  await cipher.prepare([org, other]);
  const sealed = cipher.seal(org, "turns x 1", text);
  assert.deepEqual(Buffer.from(await cipher.open(org, sealed.keyId, "turns x 1", sealed.body)), text);
  assert.ok(!Buffer.from(sealed.body).includes(CANARY));
  const again = cipher.seal(org, "turns x 1", text);
  assert.notDeepEqual(again.body, sealed.body, "no nonce comes twice");
  const opens = async (orgId: string, place: string, bytes: Uint8Array) =>
    cipher.open(orgId, sealed.keyId, place, bytes);
  await assert.rejects(opens(org, "turns x 2", sealed.body), isCorrupt);
  await assert.rejects(opens(other, "turns x 1", sealed.body), isCorrupt);
  for (let at = 0; at < sealed.body.length; at++) {
    const changed = Buffer.from(sealed.body);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await assert.rejects(opens(org, "turns x 1", changed), isCorrupt, `byte ${at}`);
  }
  for (const length of [0, 11, 27, sealed.body.length - 1])
    await assert.rejects(opens(org, "turns x 1", sealed.body.subarray(0, length)), isCorrupt);
});

test("a key lasts a day", async () => {
  let now = Date.now();
  const cipher = cipherOf(rootsOf(root), { nowMs: () => now });
  await cipher.prepare([org]);
  const first = cipher.seal(org, "p", text);
  assert.equal(cipher.prepare([org]), undefined);
  now += 86_400_000;
  await cipher.prepare([org]);
  const second = cipher.seal(org, "p", text);
  assert.notEqual(second.keyId, first.keyId);
  assert.deepEqual(Buffer.from(await cipher.open(org, first.keyId, "p", first.body)), text);
});

test("another root key moves the keys to itself; one that is missing is named, or given up when told", async () => {
  const [owner, next] = [newId(), randomBytes(32)];
  const before = cipherOf(rootsOf(root));
  await before.prepare([owner]);
  const sealed = before.seal(owner, "p", text);
  const both = cipherOf(rootsOf(next, root));
  const { moved, missing } = await both.rewrap([]);
  assert.ok(moved > 0);
  assert.deepEqual(missing, []);
  const alone = cipherOf(rootsOf(next));
  assert.deepEqual(Buffer.from(await alone.open(owner, sealed.keyId, "p", sealed.body)), text);

  const nextId = next.toString("hex").slice(0, 16);
  const stranger = cipherOf(rootsOf(randomBytes(32)));
  assert.deepEqual(await stranger.rewrap([]), { moved: 0, missing: [nextId] });
  await assert.rejects(
    async () => stranger.open(owner, sealed.keyId, "p", sealed.body),
    (error: unknown) =>
      error instanceof StoreError && error.kind === "unavailable" && error.message.includes(nextId),
  );
  // Back, for the tests after this one.
  await cipherOf(rootsOf(root, next)).rewrap([]);
  assert.deepEqual(await cipherOf(rootsOf(root)).rewrap([nextId]), { moved: 0, missing: [] });
});

test("without its key a history is erased, also for whoever has the root key", async () => {
  const [id, owner] = [newId(), newId()];
  assert.equal(
    await store.flush(await lead(), batchOf({ starts: [startOf(id, owner)], turns: [turnOf(id, owner, 1)] })),
    "committed",
  );
  await admin.query("DELETE FROM payload_keys WHERE org_id = $1", [owner]);
  const later = sealingStore(url, root);
  await assert.rejects(
    later.load([id]),
    (error: unknown) => error instanceof PayloadErased && error.kind === "corrupt",
  );
  await later.close();
});

test("keys that cannot be made fail the flush before anything is written", async () => {
  const id = newId();
  const failing = { query: () => Promise.reject(Object.assign(new Error("down"), { code: "57P01" })) };
  const cipher = createPayloadCipher({
    pool: failing as never,
    roots: rootsOf(root),
    newId,
    nowMs: Date.now,
    isOn: true,
  });
  await assert.rejects(
    cipher.prepare([id]) as Promise<void>,
    (error: unknown) => error instanceof StoreError && error.kind === "unavailable",
  );
});

test("the way back is refused while anything is sealed", async (t) => {
  const fresh = await freshDatabase(t, migrate);
  const own = sealingStore(fresh.url, root);
  await own.cipher.prepare([org]);
  await own.close();
  await assert.rejects(rollback(fresh.url, { to: 21 }), /payload_keys/);
});

function isCorrupt(error: unknown): boolean {
  return error instanceof StoreError && error.kind === "corrupt";
}

/** Tables of the database that have the text somewhere, however it is written. */
async function rowsWith(needle: string): Promise<string[]> {
  const hex = Buffer.from(needle).toString("hex");
  const { rows } = await admin.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'`,
  );
  const found = [];
  for (const { name } of rows) {
    const hit = await admin.query(
      `SELECT 1 FROM ${name} t WHERE t::text LIKE $1 OR t::text LIKE $2 LIMIT 1`,
      [`%${needle}%`, `%${hex}%`],
    );
    if (hit.rowCount) found.push(name);
  }
  return found;
}
