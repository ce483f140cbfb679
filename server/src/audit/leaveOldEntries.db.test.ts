// Old entries leave the audit log, on a virtual clock: never younger than the organization wants, up to a checkpoint and no
// further, into an archive first; what stays is verified from there; nobody else can cut the beginning off.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import { openPool, type Pool, withTenant } from "../platform/db.ts";
import { runningServer, testKey } from "../testing/runningServer.ts";
import { type LeaveParts, leaveOldEntries } from "./leaveOldEntries.ts";
import { append } from "./store.ts";
import { verifyEveryChain } from "./verifyEveryChain.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2031, 0, 1);
const KEPT_DAYS = 100;

let owner: Pool;
let superuser: pg.Client;
const logged: string[] = [];
after(() => Promise.all([owner.end(), superuser.end()]));
const server = await runningServer({ after });
const { call } = server;
const { orgId, deps } = server.running;
const archive = join(server.settings.auditArchiveDir ?? "", orgId);
const parts: LeaveParts = {
  ...{ checkpoints: deps.checkpoints, audit: deps.audit, archiveDir: server.settings.auditArchiveDir },
  newId: deps.newId,
  log: (level, message, about) => logged.push(`${level} ${message} ${JSON.stringify(about, errorText)}`),
};
const policy = (days: number | null) => call("PUT", "/api/v1/data-protection/retention/audit", { days });
const leave = (atMs: number) => leaveOldEntries(parts, owner, atMs);
const verify = async () => (await call("GET", "/api/v1/audit/verify")).json;
const count = async () =>
  (await owner.query("SELECT count(*)::int AS n, min(seq)::int AS first FROM audit_entries")).rows[0];

before(async () => {
  owner = openPool(server.database.url, { role: "auraos_owner", name: "test", max: 2 });
  superuser = new pg.Client({ connectionString: server.database.url });
  await superuser.connect();
  // What the start wrote is of today; this clock begins years later.
  await deps.checkpoints.write();
});

/** Entries of one day of the virtual clock, and the checkpoint after them. */
async function day(number: number, entries: number, bytes = 200): Promise<void> {
  const at = new Date(START + number * DAY_MS).toISOString();
  const lines = Array.from({ length: entries }, (_, index) =>
    JSON.stringify({
      ...{ at, kind: "change", actor: "key:a", via: "key", role: "owner", address: null, outcome: "done" },
      ...{ action: "workflow.write", what: "PUT /x", object: null, name: `${number}.${index}`, fields: [] },
      ...{ changes: null, code: null, requestId: "x".repeat(bytes) },
    }),
  );
  await withTenant(deps.api, orgId, (tx) => append(tx, lines));
  await deps.checkpoints.write();
}

test("for ever unless the organization says otherwise, and never less than a quarter", async () => {
  await day(0, 20);
  const { json } = await call("GET", "/api/v1/data-protection/retention");
  const [shown] = json.items.filter((one: { class: string }) => one.class === "audit");
  assert.deepEqual([shown.days, shown.defaultDays, shown.minDays, shown.isDefault], [null, null, 90, true]);
  assert.equal(await leave(START + 10_000 * DAY_MS), 0);
  const short = await policy(89);
  assert.deepEqual([short.status, short.json.code], [422, "RETENTION_OUT_OF_BOUNDS"]);
  assert.equal((await policy(KEPT_DAYS)).json.days, KEPT_DAYS);
  await deps.checkpoints.write();
});

test("old entries leave up to a checkpoint, archived, and the chain is verified from there", async () => {
  for (let number = 1; number <= 120; number += 20) await day(number, 50);
  // Younger than what is kept, and behind no checkpoint that ends before them.
  const head = (await verify()).entries;
  assert.deepEqual(await count(), { n: head, first: 1 });

  // Day 121: days 0, 1 and 21 are older than a hundred days (day 21 is exactly as old, which is not older).
  const nowMs = START + 121 * DAY_MS;
  const removed = await leave(nowMs);
  const report = await verify();
  assert.equal(report.ok, true, report.reason);
  assert.deepEqual([report.from, report.removedAt], [removed + 1, new Date(nowMs).toISOString()]);
  const oldest = (await superuser.query("SELECT entry FROM audit_entries ORDER BY seq LIMIT 1")).rows[0]
    .entry;
  assert.equal(JSON.parse(oldest).name, "21.0");
  assert.equal(await leave(nowMs), 0, "nothing twice");

  const [told] = (await call("GET", "/api/v1/audit?actor=retention")).json.items;
  assert.equal(told.changes[0].before, `1 to ${removed}`);
  const [file = ""] = readdirSync(archive);
  const lines = gunzipSync(readFileSync(join(archive, file)))
    .toString()
    .trim()
    .split("\n");
  assert.equal(lines.length, removed);
  assert.deepEqual(checked(join(archive, file)), { status: 0, from: 1, to: removed });

  // And again, later: the second archive goes on where the first ended.
  const more = await leave(START + 150 * DAY_MS);
  assert.ok(more > 0);
  const files = readdirSync(archive).sort();
  assert.equal(files.length, 2);
  const second = join(archive, files[1] ?? "");
  assert.deepEqual(checked(second), { status: 0, from: removed + 1, to: removed + more });
  const later = await verify();
  assert.deepEqual([later.ok, later.from], [true, removed + more + 1]);
  await owner.query("VACUUM audit_entries");
});

test("what is exported afterwards begins there and proves itself, and so does a restored database", async () => {
  const { from, key } = await verify();
  const headers = { authorization: `Bearer ${testKey}` };
  const text = await (await fetch(`${server.running.url}/api/v1/audit/export`, { headers })).text();
  const file = join(server.settings.dataDir, "whole.jsonl");
  writeFileSync(file, text);
  // The export has an entry of its own, which may be in it.
  const last = JSON.parse(text.trim().split("\n").at(-1) ?? "").seq;
  assert.deepEqual(checked(file, key), { status: 0, from, to: last });
  // A beginning that somebody wrote there is none.
  const [first = "", ...rest] = text.split("\n");
  const forged = { ...JSON.parse(first), note: first };
  writeFileSync(file, [JSON.stringify(forged), ...rest].join("\n"));
  assert.equal(checked(file, key).status, 1);
  const { entries } = await verify();
  const client = await owner.connect();
  const chains = await verifyEveryChain(client).finally(() => client.release());
  assert.deepEqual([chains.broken, chains.entries], [[], entries - from + 1]);
});

test("its space is freed: as much as left is written again, and the table has not grown", async () => {
  const size = async () =>
    Number((await owner.query("SELECT pg_relation_size('audit_entries') AS bytes")).rows[0].bytes);
  const much = 2_000;
  await day(200, much, 500);
  const full = await size();
  assert.ok((await leave(START + 400 * DAY_MS)) >= much);
  await owner.query("VACUUM audit_entries");
  const after = await size();
  await day(400, much, 500);
  const again = await size();
  assert.ok(
    again <= full * 1.05,
    `${full} bytes, ${after} when they had left, ${again} when as many had come`,
  );
  assert.equal((await verify()).ok, true);
});

test("while something is held or an incident is open, everything stays", async () => {
  const at = START + 600 * DAY_MS;
  await owner.query(
    `INSERT INTO legal_holds (id, org_id, kind, target_id, reason, placed_by)
     VALUES ($1, $2, 'execution', $1, 'dispute', 'ann')`,
    [deps.newId(), orgId],
  );
  assert.equal(await leave(at), 0);
  await owner.query("UPDATE legal_holds SET released_at = now(), released_by = 'ann'");
  await owner.query(
    "INSERT INTO incidents (id, org_id, title, severity, opened_by) VALUES ($1, $2, 'odd', 'low', 'ann')",
    [deps.newId(), orgId],
  );
  assert.equal(await leave(at), 0);
  await owner.query("UPDATE incidents SET closed_at = now(), closed_by = 'ann'");
});

test("without an archive nothing leaves, nor does what is broken", async () => {
  const at = START + 600 * DAY_MS;
  const kept = await count();
  const blocked = join(server.settings.dataDir, "a file");
  writeFileSync(blocked, "");
  assert.equal(await leaveOldEntries({ ...parts, archiveDir: blocked }, owner, at), 0);
  assert.deepEqual(await count(), kept);

  const victim = Number(kept.first) + 5;
  const { rows } = await superuser.query("SELECT entry FROM audit_entries WHERE seq = $1", [victim]);
  await superuser.query(
    "UPDATE audit_entries SET entry = replace(entry, 'PUT /x', 'GET /x') WHERE seq = $1",
    [victim],
  );
  assert.equal(await leave(at), 0);
  assert.match(logged.at(-1) ?? "", new RegExp(`broken at entry ${victim}`));
  assert.deepEqual(await count(), kept);
  assert.ok(!existsSync(join(archive, `${victim}.draft`)));
  await superuser.query("UPDATE audit_entries SET entry = $2 WHERE seq = $1", [victim, rows[0].entry]);
  assert.equal((await verify()).ok, true);
});

test("whoever cuts the beginning off is found: with a beginning of their own, with a checkpoint, with none", async () => {
  const { from } = await verify();
  const cut = from + 100;
  const { rows } = await superuser.query("SELECT note, hash FROM audit_bases");
  const columns = "org_id, seq, entry, hash";
  await superuser.query(`CREATE TEMP TABLE kept AS SELECT ${columns} FROM audit_entries WHERE seq <= ${cut}`);
  await superuser.query("CREATE TEMP TABLE kept_base AS SELECT * FROM audit_bases");
  const checkpoint = (await deps.checkpoints.read(orgId)).split("---\n").at(-1) ?? "";
  const move = `UPDATE audit_bases SET seq = ${cut}, hash = (SELECT hash FROM audit_entries WHERE seq = ${cut})`;
  const remove = `DELETE FROM audit_entries WHERE seq <= ${cut}`;
  for (const tampering of [
    [move, remove],
    [move, remove, `UPDATE audit_bases SET note = '${checkpoint}'`],
    [remove],
    [remove, "DELETE FROM audit_bases"],
  ]) {
    for (const sql of tampering) await superuser.query(sql);
    const report = await verify();
    assert.equal(report.ok, false, tampering.join("; "));
    assert.ok(report.brokenAt <= cut + 1);
    await superuser.query("DELETE FROM audit_bases");
    await superuser.query("INSERT INTO audit_bases SELECT * FROM kept_base");
    await superuser.query(
      `INSERT INTO audit_entries (${columns}) SELECT ${columns} FROM kept ON CONFLICT DO NOTHING`,
    );
    assert.equal((await verify()).ok, true);
  }
  assert.equal(rows.length, 1);
});

test("the application can neither let an entry go nor move the beginning", async () => {
  for (const sql of ["UPDATE audit_bases SET seq = 9999", "DELETE FROM audit_bases", "TRUNCATE audit_bases"])
    await assert.rejects(
      withTenant(deps.api, orgId, (tx) => tx.query(sql)),
      /permission denied/,
    );
});

/** What the program that comes with an export says. */
function checked(
  file: string,
  key = deps.checkpoints.key,
): { status: number | null; from: number; to: number } {
  const notes = join(server.settings.auditCheckpointsDir, `${orgId}.txt`);
  const program = join(import.meta.dirname, "verify.mjs");
  const { status, stdout } = spawnSync(process.execPath, [program, file, notes, key], {
    encoding: "utf8",
    env: { ...process.env, AURAOS_SLICE: "1" },
  });
  const [, from, to] = /from (\d+) to (\d+)/.exec(stdout) ?? [];
  return { status, from: Number(from), to: Number(to) };
}

function errorText(_: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}
