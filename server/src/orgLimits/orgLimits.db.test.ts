// The operator bounds an organization: what is beyond is refused in words, everything else goes on.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer } from "../testing/runningServer.ts";
import { hello } from "../testing/workflows.ts";

const server = await runningServer({ after });
const { call } = server;
const own = `/api/v1/organizations/${server.running.orgId}/limits`;

test("limits are shown, set, hold at once and after a restart, and are taken away", async () => {
  const none = { openExecutions: null, turnsPerSecond: null, bytesPerSecond: null, openNow: 0 };
  assert.deepEqual((await call("GET", "/api/v1/organization/limits")).json, none);
  const { id } = (await call("POST", "/api/v1/workflows", hello)).json;
  const run = () => call("POST", `/api/v1/workflows/${id}/execute?wait=10`, { name: "a" });
  assert.equal((await run()).status, 200);

  const set = await call("PUT", own, { turnsPerSecond: 0.01 });
  assert.deepEqual([set.status, set.json], [200, { ...none, turnsPerSecond: 0.01 }], set.text);
  const refused = await refusal(run);
  assert.deepEqual([refused.status, refused.json.code], [429, "ORGANIZATION_RATE_LIMIT"], refused.text);
  assert.match(refused.json.message ?? refused.json.detail, /0.01 turns a second/);

  await server.restart();
  assert.equal((await call("GET", "/api/v1/organization/limits")).json.turnsPerSecond, 0.01);
  // What was used is forgotten with the process, the limit is not.
  assert.equal((await run()).status, 200);
  assert.equal((await refusal(run)).json.code, "ORGANIZATION_RATE_LIMIT");

  assert.equal((await call("PUT", own, {})).status, 200);
  assert.equal((await run()).status, 200);
});

test("what makes no sense, and who is nobody, is refused", async () => {
  assert.equal((await call("PUT", own, { turnsPerSecond: 0 })).status, 400);
  assert.equal((await call("PUT", own, { turns: 1 })).status, 400);
  const nobody = "01890000-0000-7000-8000-000000000000";
  assert.equal((await call("PUT", `/api/v1/organizations/${nobody}/limits`, {})).status, 404);
});

/** A burst is let through first. */
async function refusal(run: () => ReturnType<typeof call>): ReturnType<typeof call> {
  for (let n = 0; n < 20; n++) {
    const reply = await run();
    if (reply.status !== 200) return reply;
  }
  throw new Error("nothing was refused");
}
