// Keys: made once, kept as hashes, replaced and revoked.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createIds } from "../engine/ids.ts";
import { migrate } from "../migrations/migrate.ts";
import { openPool } from "../platform/db.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { firstStart } from "./firstStart.ts";
import { createKeys } from "./keys.ts";

const pools: { end(): Promise<void> }[] = [];
after(() => Promise.all(pools.map((pool) => pool.end())));
const { url } = await freshDatabase({ after }, migrate);
const ids = createIds();
const newId = () => ids.execution(Date.now());
const api = openPool(url, { role: "auraos_api", name: "test api", max: 2 });
const owner = openPool(url, { role: "auraos_owner", name: "test owner", max: 1 });
pools.push(api, owner);

let nowMs = 0;
const start = (apiKey?: string) => firstStart(url, { apiKey, newId });
const keysFor = (org: { orgId: string; envId: string }) =>
  createKeys({ api, owner: org, envOf: async () => org.envId, nowMs: () => nowMs });

test("two servers that start together on a new database make one organization and one key", async () => {
  const [one, two] = await Promise.all([start(), start()]);
  assert.deepEqual([one.orgId, one.envId], [two.orgId, two.envId]);
  const made = [one.newKey, two.newKey].filter((key) => key !== undefined);
  assert.equal(made.length, 1);
  assert.equal((await start()).newKey, undefined, "never shown again");

  const key = made[0] ?? "";
  assert.ok(Buffer.from(key.slice(4), "base64url").length === 32, "256 random bits");
  const { rows } = await owner.query("SELECT * FROM api_keys");
  assert.ok(!JSON.stringify(rows).includes(key), "the key itself is stored nowhere");
  const caller = await keysFor(one).callerOf(`Bearer ${key}`);
  assert.deepEqual(
    [caller.orgId, caller.envId, caller.actor, caller.actions],
    [one.orgId, one.envId, "key:owner", "all"],
  );
});

test("the environment's key is the one that is set now", async () => {
  const org = await start("first-key-of-the-environment");
  const keys = keysFor(org);
  assert.equal((await keys.callerOfKey("first-key-of-the-environment")).actor, "key:environment");
  await start("second-key-of-the-environment");
  assert.equal((await keys.callerOfKey("second-key-of-the-environment")).actor, "key:environment");
  assert.equal(
    (await keys.callerOfKey("first-key-of-the-environment")).orgId,
    org.orgId,
    "from memory, for a moment",
  );
  nowMs += 60_000;
  await assert.rejects(async () => keys.callerOfKey("first-key-of-the-environment"), { code: "KEY_NEEDED" });
});

test("rights are the words of the key; expired and unknown keys open nothing", async () => {
  const org = await start();
  const keys = keysFor(org);
  const insert = (key: string, scopes: string[], expires: string | null) =>
    owner.query(
      "INSERT INTO api_keys (id, org_id, name, sha256, scopes, expires_at) VALUES ($1, $2, 'limited', sha256($3), $4, $5)",
      [newId(), org.orgId, Buffer.from(key), scopes, expires],
    );
  await insert("limited", ["workflow.read", "no.such.right"], null);
  await insert("expired", ["*"], "2000-01-01");
  nowMs = Date.now();
  const caller = await keys.callerOfKey("limited");
  assert.deepEqual(caller.actions, new Set(["workflow.read"]));
  for (const key of ["expired", "unknown"])
    await assert.rejects(async () => keys.callerOfKey(key), { status: 401 });
  assert.equal((await keys.callerOfKey(keys.localKey)).actor, "local");
});
