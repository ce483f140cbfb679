// Retention, holds and the map over HTTP: bounds, defaults, who may, what is written down; and keys of persons.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { withTenant } from "../platform/db.ts";
import { setUpOwner } from "../testing/people.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { hello } from "../testing/workflows.ts";

const server = await runningServer({ after }, { AURAOS_RETENTION_DAYS: "200" });
const { call } = server;
const base = "/api/v1/data-protection";
const policy = async (name: string) =>
  (await call("GET", `${base}/retention`)).json.items.find((one: { class: string }) => one.class === name);

test("defaults until somebody says something else, and bounds", async () => {
  assert.deepEqual(
    (await call("GET", `${base}/retention`)).json.items.map(
      (one: { class: string; days: number | null; isDefault: boolean }) => [
        one.class,
        one.days,
        one.isDefault,
      ],
    ),
    [
      ["executions", 200, true],
      ["payloads", 200, true],
      ["events", 7, true],
      ["taskRuns", 90, true],
      ["scheduleFires", 90, true],
      ["alerts", 365, true],
      ["invitations", 90, true],
      ["sessions", 30, true],
      ["statistics", 400, true],
      ["reveals", 1095, true],
      ["audit", null, true],
    ],
  );
  const put = (name: string, days: number | null) => call("PUT", `${base}/retention/${name}`, { days });
  assert.equal((await put("executions", 100)).json.days, 100);
  assert.deepEqual([(await policy("payloads")).days, (await policy("executions")).isDefault], [100, false]);
  assert.equal((await put("payloads", 10)).json.days, 10);
  assert.equal((await put("payloads", 101)).json.code, "PAYLOADS_OUTLIVE_EXECUTIONS");
  assert.equal((await put("executions", 5)).json.days, 5);
  assert.deepEqual((await policy("payloads")).days, 5, "payloads never outlive their executions");
  assert.equal((await put("reveals", 30)).json.code, "RETENTION_OUT_OF_BOUNDS");
  assert.equal((await put("events", 0)).status, 400);
  assert.equal((await put("shoes", 1)).status, 404);
  assert.deepEqual(
    [(await put("executions", null)).json.days, (await policy("executions")).isDefault],
    [200, true],
  );
});

test("a hold is placed once, named, and ended by a person who is written down", async () => {
  const { json: workflow } = await call("POST", "/api/v1/workflows", hello);
  const { json: execution } = await call("POST", `/api/v1/workflows/${workflow.id}/execute?draft=1`, {
    name: "Ada",
  });
  await until(async () => (await call("GET", `/api/v1/executions/${execution.id}`)).status === 200);
  const body = { kind: "execution", targetId: execution.id, reason: "case 12" };
  const { status, json } = await call("POST", `${base}/holds`, body);
  assert.deepEqual([status, json.targetName, json.reason, json.releasedAt], [201, "hello", "case 12", null]);
  assert.equal((await call("POST", `${base}/holds`, body)).json.code, "HELD_ALREADY");
  const strange = { ...body, targetId: "01900000-0000-7000-8000-000000000000" };
  assert.equal((await call("POST", `${base}/holds`, strange)).status, 404);
  const ofWorkflow = await call("POST", `${base}/holds`, {
    ...body,
    kind: "workflow",
    targetId: workflow.id,
  });
  assert.equal(ofWorkflow.status, 201);
  assert.equal((await call("GET", `${base}/holds`)).json.items.length, 2);
  const ended = await call("POST", `${base}/holds/${json.id}/release`);
  assert.deepEqual([ended.status, ended.json.releasedBy], [200, "key:environment"]);
  assert.equal((await call("POST", `${base}/holds/${json.id}/release`)).status, 404);
  assert.equal((await call("GET", `${base}/holds`)).json.items.length, 1);
  assert.equal((await call("GET", `${base}/holds?released=true`)).json.items.length, 2);
  assert.equal((await call("POST", `${base}/holds`, body)).status, 201, "and may be held again");
});

test("risky acts want a proof of a person who signed in long ago", async () => {
  const browser = await setUpOwner(server);
  const database = server.running.deps;
  // Proven an hour ago, as if the person had left the browser open.
  const { json: sessions } = await browser.call("GET", "/api/v1/account/sessions");
  assert.equal(sessions.items.length, 1);
  const earlier = database.nowMs;
  database.nowMs = () => earlier() + 60 * 60 * 1000;
  try {
    for (const [method, path, body] of [
      ["POST", `${base}/people/search`, { identifiers: [{ kind: "email", value: "a@example.com" }] }],
      ["POST", `${base}/people/export`, { identifiers: [{ kind: "email", value: "a@example.com" }] }],
      ["POST", `${base}/erasures`, { identifiers: [{ kind: "email", value: "a@example.com" }] }],
      ["PUT", `${base}/retention/events`, { days: 3 }],
      ["DELETE", `${base}/redactions/01900000-0000-7000-8000-000000000000`, undefined],
      ["POST", `${base}/holds/01900000-0000-7000-8000-000000000000/release`, undefined],
    ] as const) {
      const { status, json } = await browser.call(method, path, body);
      assert.deepEqual([status, json.code], [403, "PROOF_NEEDED"], path);
    }
  } finally {
    database.nowMs = earlier;
  }
});

test("the map is given as it is", async () => {
  const { status, json } = await call("GET", `${base}/map`);
  assert.equal(status, 200);
  assert.ok(json.tables.length > 60);
});

test("what was sealed for a person opens until the key is destroyed, and nowhere else", async () => {
  const { subjects, api } = server.running.deps;
  const { orgId } = server.running;
  const inside = <T>(action: Parameters<typeof withTenant<T>>[2]) => withTenant(api, orgId, action);
  const sealed = await inside((tx) => subjects.sealForSubject(tx, orgId, "Eve@example.com", "eve's secret"));
  assert.doesNotMatch(sealed, /eve/i);
  assert.equal(await inside((tx) => subjects.openForSubject(tx, orgId, sealed)), "eve's secret");
  const second = await inside((tx) => subjects.sealForSubject(tx, orgId, "eve@EXAMPLE.com", "more"));
  assert.equal(second.split(":")[2], sealed.split(":")[2], "the same person, the same key");
  await assert.rejects(inside((tx) => subjects.openForSubject(tx, orgId, `${sealed.slice(0, -4)}AAAA`)));
  assert.equal(await inside((tx) => subjects.destroySubject(tx, orgId, "eve@example.com")), true);
  assert.equal(await inside((tx) => subjects.openForSubject(tx, orgId, sealed)), undefined);
  assert.equal(await inside((tx) => subjects.destroySubject(tx, orgId, "eve@example.com")), false);
});
