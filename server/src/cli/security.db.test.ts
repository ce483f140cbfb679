// The commands of the audit log, of incidents and of the security check, as programs.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { runningServer } from "../testing/runningServer.ts";

const program = join(import.meta.dirname, "../../bin/auraos.mjs");
const server = await runningServer({ after });
const folder = mkdtempSync(join(tmpdir(), "auraos-security-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Not waited for in place: the server that it asks lives in this process. */
function auraos(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env.PATH ?? "", AURAOS_DATA: server.settings.dataDir };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

test("audit verify, list and export, and the copy proves itself; a changed entry ends with 1 and its number", async () => {
  await server.call("POST", "/api/v1/workflows", { name: "Made", nodes: [], connections: [] });
  await server.running.deps.checkpoints.write();
  const verified = await auraos("audit", "verify");
  assert.equal(verified.code, 0, verified.err);
  assert.match(verified.out, /1 checkpoints, covering entries up to \d+\n/);
  const listed = await auraos("audit", "list", "--kind", "change");
  assert.match(listed.out, /POST \/api\/v1\/workflows {2}Made/);
  const exported = await auraos("audit", "export", "--to", join(folder, "copy"));
  assert.equal(exported.code, 0, exported.err);
  const place = exported.out.trim();
  const key = readFileSync(join(place, "key.txt"), "utf8").trim();
  const check = () =>
    spawnSync(process.execPath, ["verify.mjs", "audit.jsonl", "checkpoints.txt", key], { cwd: place });
  assert.equal(check().status, 0);
  const text = readFileSync(join(place, "audit.jsonl"), "utf8");
  writeFileSync(join(place, "audit.jsonl"), text.replace("Made", "Fake"));
  assert.equal(check().status, 1);

  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  await client.query(
    "UPDATE audit_entries SET entry = replace(entry, 'Made', 'Fake') WHERE entry LIKE '%Made%'",
  );
  await client.end();
  const broken = await auraos("audit", "verify");
  assert.equal(broken.code, 1);
  assert.match(broken.out, /BROKEN at entry 1: changed/);
});

test("an incident from open to close", async () => {
  const opened = await auraos("incident", "open", "Odd", "sign-ins", "--severity", "critical");
  assert.equal(opened.code, 0, opened.err);
  const id = opened.out.trim();
  const frozen = await auraos("incident", "freeze", id, "--reason", "to look");
  assert.match(frozen.out, /FROZEN {2}the organization/, frozen.err);
  assert.match((await auraos("incident", "list")).out, /critical .*Odd sign-ins {2}FROZEN/);
  const early = await auraos("incident", "close", id, "Nothing.");
  assert.deepEqual([early.code, /still frozen/.test(early.err)], [1, true]);
  const file = join(folder, "evidence.zip");
  assert.equal((await auraos("incident", "evidence", id, "--out", file)).out.trim(), file);
  assert.equal(readFileSync(file).subarray(0, 2).toString(), "PK");
  await auraos("incident", "unfreeze", id);
  assert.match((await auraos("incident", "revoke", id, "--all-keys")).out, /Revoked 1 API keys/);
  assert.match((await auraos("incident", "close", id, "It was nothing.")).out, / closed {2}critical/);
  assert.match((await auraos("incident", "report", id)).out, /## Conclusion\n\nIt was nothing\./);
  assert.equal((await auraos("incident", "burn", id)).code, 2);
});

test("the security check", async () => {
  const { code, out } = await auraos("security-check", "--json");
  const check = JSON.parse(out) as {
    items: { check: string; remedy: string; link: string }[];
    passed: string[];
  };
  assert.equal(code, 0);
  assert.ok(check.items.some((one) => one.check === "mfaNotRequired"));
  assert.ok(check.passed.includes("publicWithoutTls"));
  assert.ok(check.items.every(({ remedy, link }) => remedy !== "" && link.startsWith("/")));
});
