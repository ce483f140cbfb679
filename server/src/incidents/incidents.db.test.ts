// An incident from its opening to its report, on a running server: what is frozen does not start and does not reach the world, what
// was paused goes on, keys and sessions end, the evidence proves itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, test } from "node:test";
import { readZip } from "@auraos/nodes/archive/readZip.ts";
import { zipOfBytes } from "@auraos/nodes/archive/zip.ts";
import { invited, setUpOwner } from "../testing/people.ts";
import { runningServer, testKey, until } from "../testing/runningServer.ts";
import { waitsForSignal } from "../testing/workflows.ts";

let arrived = 0;
const world = createServer((_, response) => {
  arrived += 1;
  response.setHeader("content-type", "application/json").end("{}");
});
await new Promise<void>((resolve) => world.listen(0, "127.0.0.1", resolve));
after(() => world.close());
const port = (world.address() as AddressInfo).port;

const server = await runningServer(
  { after },
  { AURAOS_ALLOW_HOSTS: `127.0.0.1:${port}`, AURAOS_SIGN_INS_PER_MINUTE: "1000" },
);
const { call } = server;
const owner = await setUpOwner(server);

const calls = (name: string, extra: object[] = [], wires: object[] = []) => ({
  name,
  nodes: [
    { id: "start", type: "trigger.webhook", config: { path: name } },
    { id: "hand", type: "trigger.manual", config: {} },
    ...extra,
    { id: "call", type: "http", name: "Call", config: { method: "POST", url: `http://127.0.0.1:${port}/` } },
  ],
  connections:
    wires.length > 0
      ? wires
      : [
          { from: "start", to: "call" },
          { from: "hand", to: "call" },
        ],
});

async function published(definition: object): Promise<string> {
  const { json, status, text } = await call("POST", "/api/v1/workflows", definition);
  assert.equal(status, 201, text);
  const done = await call("POST", `/api/v1/workflows/${json.id}/publish`);
  assert.equal(done.status, 200, done.text);
  return json.id;
}

const opened = async (title: string) =>
  (await call("POST", "/api/v1/incidents", { title })).json.id as string;
const statusOf = async (id: string) => (await call("GET", `/api/v1/executions/${id}`)).json.status as string;

test("a frozen workflow starts nothing and reaches nothing; others go on; lifted, what was paused goes on", async () => {
  const target = await published(calls("target"));
  const other = await published(calls("other"));
  const waiting = await published({ ...waitsForSignal, name: "waiting" });
  const { json: run } = await call("POST", `/api/v1/workflows/${waiting}/execute`, {});
  await until(async () => (await statusOf(run.id)) === "waiting");
  const id = await opened("Strange calls");
  for (const workflow of [target, "waiting"]) {
    const frozen = await call("POST", `/api/v1/incidents/${id}/freeze`, { scope: "workflow", workflow });
    assert.equal(frozen.status, 200, frozen.text);
  }
  const again = await call("POST", `/api/v1/incidents/${id}/freeze`, { scope: "workflow", workflow: target });
  assert.equal(again.json.code, "FROZEN_ALREADY");
  assert.equal(await statusOf(run.id), "paused");

  const before = arrived;
  const refused = await call("POST", `/api/v1/workflows/${target}/execute`, {});
  assert.deepEqual([refused.status, refused.json.code], [503, "FROZEN"]);
  const draft = await call("POST", `/api/v1/workflows/${target}/execute?draft=1`, {});
  assert.equal(draft.json.code, "FROZEN");
  const hook = await fetch(`${server.running.url}/hooks/target`, { method: "POST", body: "{}" });
  assert.equal(hook.status, 503);
  assert.match(await hook.text(), /FROZEN/);
  assert.equal(arrived, before);
  const free = await call("POST", `/api/v1/workflows/${other}/execute?wait=20`, {});
  assert.equal(free.json.status, "succeeded", free.text);
  assert.equal(arrived, before + 1);

  const lifted = await call("POST", `/api/v1/incidents/${id}/unfreeze`, {});
  assert.equal(lifted.status, 200, lifted.text);
  assert.equal(await statusOf(run.id), "waiting");
  await call("POST", `/api/v1/executions/${run.id}/signal`, { name: "go" });
  const ran = await call("POST", `/api/v1/workflows/${target}/execute?wait=20`, {});
  assert.equal(ran.json.status, "succeeded", ran.text);
});

test("a step that is about to be sent when everything is frozen is held, and sent when the freeze is lifted", async () => {
  const { freezes } = server.running.deps;
  const id = await opened("At this very moment");
  let ran = 0;
  const runner = freezes.runner({
    worker: "test",
    run: async () => {
      ran += 1;
      return { kind: "succeeded", outputs: {} };
    },
  });
  const activity = { effect: "idempotent", timeoutMs: 60_000 } as Parameters<typeof runner.run>[0];
  const about = {
    orgId: server.running.orgId,
    workflowId: "w",
    executionId: "e",
    mode: "production",
  } as const;
  const signal = new AbortController().signal;
  await call("POST", `/api/v1/incidents/${id}/freeze`, { scope: "organization", reason: "look first" });
  const held = runner.run(activity, about, signal);
  const pure = await runner.run({ ...activity, effect: "pure" }, about, signal);
  assert.equal(pure.kind, "succeeded");
  assert.equal(ran, 1);
  const short = await runner.run({ ...activity, timeoutMs: 600 }, about, signal);
  assert.deepEqual(short.kind === "failed" && [short.failure.code, short.failure.certainty], [
    "FROZEN",
    "notDone",
  ]);
  await call("POST", `/api/v1/incidents/${id}/unfreeze`);
  assert.equal((await held).kind, "succeeded");
  assert.equal(ran, 2);
});

test("an execution that a person had paused stays paused when a freeze is lifted", async () => {
  const waiting = await published({ ...waitsForSignal, name: "paused by hand" });
  const { json: run } = await call("POST", `/api/v1/workflows/${waiting}/execute`, {});
  await until(async () => (await statusOf(run.id)) === "waiting");
  await call("POST", `/api/v1/executions/${run.id}/pause`);
  await until(async () => (await statusOf(run.id)) === "paused");
  const id = await opened("By hand");
  await call("POST", `/api/v1/incidents/${id}/freeze`, { scope: "organization" });
  await call("POST", `/api/v1/incidents/${id}/unfreeze`);
  assert.equal(await statusOf(run.id), "paused");
});

test("running an old execution again is a start too", async () => {
  const target = await published(calls("again"));
  const { json: run } = await call("POST", `/api/v1/workflows/${target}/execute?wait=20`, {});
  const id = await opened("Again");
  await call("POST", `/api/v1/incidents/${id}/freeze`, { scope: "workflow", workflow: target });
  const rerun = await call("POST", `/api/v1/executions/${run.id}/rerun`, { repeatEffects: true });
  assert.equal(rerun.json.code, "FROZEN", rerun.text);
  await call("POST", `/api/v1/incidents/${id}/unfreeze`);
});

test("keys and sessions are revoked: one key, one person, all, and not that of who asks", async () => {
  const made = async (name: string) =>
    (await owner.call("POST", "/api/v1/api-keys", { name, role: "viewer" })).json;
  const [one, two] = [await made("one"), await made("two")];
  const bo = await invited(server, owner, "bo@example.com", "admin");
  const { json: bos } = await bo.call("POST", "/api/v1/api-keys", { name: "bo's", role: "viewer" });
  const works = async (key: string) =>
    (await call("GET", "/api/v1/workflows", undefined, { authorization: `Bearer ${key}` })).status === 200;
  const id = await opened("Stolen keys");
  const revoke = async (body: object) => {
    const reply = await owner.call("POST", `/api/v1/incidents/${id}/revoke`, body);
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
  };
  assert.deepEqual(await revoke({ keys: one.id }), { keys: 1, sessions: 0, people: 0 });
  assert.deepEqual([await works(one.key), await works(two.key)], [false, true]);
  assert.deepEqual(await revoke({ person: "bo@example.com" }), { keys: 1, sessions: 1, people: 1 });
  assert.equal(await works(bos.key), false);
  assert.equal((await bo.call("GET", "/api/v1/account/sessions")).status, 401);
  // The key of the first start is among them, so the rest is asked with the owner's session, which stays.
  const all = await revoke({ keys: "all", sessions: "all" });
  assert.equal(all.keys, 2);
  assert.deepEqual([await works(two.key), await works(testKey)], [false, false]);
  assert.equal((await owner.call("GET", "/api/v1/account/sessions")).status, 200);
  for (const body of [{}, { person: "nobody@example.com" }, { keys: one.id }])
    assert.ok((await owner.call("POST", `/api/v1/incidents/${id}/revoke`, body)).status >= 400);
});

test("the evidence has what happened with its proof, and no secret", async () => {
  const { deps } = server.running;
  await deps.checkpoints.write();
  const { json } = await owner.call("GET", "/api/v1/incidents");
  const { id } = json.items.at(-1);
  const headers = { cookie: [...owner.cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  const reply = await fetch(`${server.running.url}/api/v1/incidents/${id}/evidence`, { headers });
  assert.equal(reply.status, 200);
  const bytes = Buffer.from(await reply.arrayBuffer());
  const folder = join(server.settings.dataDir, "evidence");
  for (const entry of await readZip(zipOfBytes(bytes), 100)) {
    const path = join(folder, entry.path);
    mkdirSync(dirname(path), { recursive: true });
    const content = await buffer(entry.stream(50_000_000));
    assert.ok(!content.includes(testKey), entry.path);
    writeFileSync(path, content);
  }
  const sums = readFileSync(join(folder, "SHA256SUMS"), "utf8").trim().split("\n");
  assert.ok(sums.length > 12);
  for (const line of sums) {
    const [sum, path = ""] = line.split("  ");
    assert.equal(
      createHash("sha256")
        .update(readFileSync(join(folder, path)))
        .digest("hex"),
      sum,
      path,
    );
  }
  const { key } = deps.checkpoints;
  const args = ["verify.mjs", "audit.jsonl", "checkpoints.txt", key];
  const verified = spawnSync(process.execPath, args, { cwd: join(folder, "audit"), encoding: "utf8" });
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  const acts = (await owner.call("GET", `/api/v1/incidents/${id}`)).json.acts;
  assert.equal(acts.at(-1).kind, "evidence");
});

test("it is closed with a report, once nothing is frozen any more, and then nothing is added", async () => {
  const { json } = await owner.call("POST", "/api/v1/incidents", {
    title: "To be closed",
    severity: "critical",
    note: "Odd sign-ins | at night",
  });
  const path = `/api/v1/incidents/${json.id}`;
  await owner.call("POST", `${path}/freeze`, { scope: "organization", reason: "to look" });
  const early = await owner.call("POST", `${path}/close`, { conclusion: "It was nothing." });
  assert.equal(early.json.code, "STILL_FROZEN");
  await owner.call("POST", `${path}/unfreeze`);
  await owner.call("POST", `${path}/notes`, { text: "Nobody got in." });
  const closed = await owner.call("POST", `${path}/close`, { conclusion: "It was **nothing**." });
  assert.equal(closed.json.status, "closed", closed.text);
  const report = (await owner.call("GET", `${path}/report`)).text;
  for (const part of [
    "# To be closed",
    "Severity: critical",
    "It was **nothing**.",
    "Odd sign-ins \\| at night",
    "Nobody got in.",
    "The organization, from",
  ])
    assert.ok(report.includes(part), `${part}\n${report}`);
  for (const act of ["notes", "freeze", "close"])
    assert.equal(
      (
        await owner.call(
          "POST",
          `${path}/${act}`,
          act === "freeze" ? { scope: "organization" } : { text: "x", conclusion: "x" },
        )
      ).status >= 400,
      true,
    );
  assert.equal(
    (await owner.call("GET", "/api/v1/incidents?status=open")).json.items.some(
      ({ id }: { id: string }) => id === json.id,
    ),
    false,
  );
});

test("all of it is in the audit log", async () => {
  const { json } = await owner.call("GET", "/api/v1/audit?action=security.manage&limit=200");
  const whats = new Set(
    json.items.map(({ what }: { what: string }) => what.replace("/api/v1/incidents", "")),
  );
  for (const what of [
    "POST ",
    "POST /:id/freeze",
    "POST /:id/unfreeze",
    "POST /:id/revoke",
    "GET /:id/evidence",
    "POST /:id/close",
  ])
    assert.ok(whats.has(what), `${what} in ${[...whats]}`);
});
