// Changes over Socket.io: each organization hears of its own, each caller of what it may read, and a right that is taken
// away ends that too. That something is NOT heard is seen by something later that is.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { ChangeTopic, LiveChange } from "@auraos/contract";
import { io } from "socket.io-client";
import type { Browser } from "../testing/browserOf.ts";
import { invited, setUpOwner } from "../testing/people.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { failing, waitsForSignal } from "../testing/workflows.ts";

const server = await runningServer({ after });
const owner = await setUpOwner(server);
const { json: second } = await owner.call("POST", "/api/v1/organizations", { name: "Second" });
const there = { "x-auraos-organization": second.slug };
const { json: account } = await owner.call("GET", "/api/v1/account", undefined, there);
const first = account.organizations.find(({ id }: { id: string }) => id !== second.id);
const here = { "x-auraos-organization": first.slug };

const keyOf = async (role: string, headers: Record<string, string>) =>
  (await owner.call("POST", "/api/v1/api-keys", { name: role, role }, headers)).json.key as string;

async function listen(options: { auth?: object; extraHeaders?: Record<string, string> }) {
  const heard = new Set<ChangeTopic>();
  const socket = io(server.running.url, {
    ...{ transports: ["websocket"], forceNew: true, reconnection: false },
    ...options,
  });
  after(() => void socket.disconnect());
  socket.on("changed", ({ topics }: LiveChange) => {
    for (const topic of topics) heard.add(topic);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on("connect_error", reject);
    socket.on("connect", () => socket.emit("subscribe", { to: "changes" }, resolve));
  });
  return { heard, socket };
}

let count = 0;
const setVariable = (headers: Record<string, string>) => {
  count += 1;
  return owner.call("PUT", `/api/v1/variables/v${count}`, { value: count }, headers);
};
const makeCalendar = (headers: Record<string, string>) =>
  owner.call("PUT", "/api/v1/schedules/calendars/holidays", { dates: ["2026-12-25"] }, headers);
const setWorkers = () => owner.call("PUT", "/api/v1/workers/local", { count: 0 }, here);

test("an organization hears of what was changed by a request, and of nothing in another one", async () => {
  const mine = await listen({ auth: { key: await keyOf("admin", here) } });
  const foreign = await listen({ auth: { key: await keyOf("admin", there) } });
  assert.equal((await makeCalendar(here)).status, 200);
  await until(async () => mine.heard.has("schedules"));
  assert.ok((await setVariable(there)).status < 300);
  await until(async () => foreign.heard.has("variables"));
  assert.deepEqual([foreign.heard.has("schedules"), mine.heard.has("variables")], [false, false]);
});

test("whoever may not read something does not hear of it either", async () => {
  const admin = await listen({ auth: { key: await keyOf("admin", here) } });
  const viewer = await listen({ auth: { key: await keyOf("viewer", here) } });
  assert.equal((await setWorkers()).status, 200);
  await until(async () => admin.heard.has("workers"));
  await setVariable(here);
  await until(async () => viewer.heard.has("variables"));
  assert.equal(viewer.heard.has("workers"), false);
});

test("an entry of the audit log is told once it can be read, to those who may read the log", async () => {
  const admin = await listen({ auth: { key: await keyOf("admin", here) } });
  const viewer = await listen({ auth: { key: await keyOf("viewer", here) } });
  await setVariable(here);
  await until(async () => admin.heard.has("audit") && viewer.heard.has("variables"));
  const { json } = await owner.call("GET", "/api/v1/audit?limit=1", undefined, here);
  assert.ok(json.items.length > 0);
  assert.equal(viewer.heard.has("audit"), false);
});

test("rights that are taken away while somebody listens count from then on", async () => {
  const bob = await invited(server, owner, "bob@example.com", "admin", here);
  const { heard, socket } = await listen({ extraHeaders: { cookie: cookieOf(bob) } });
  await setWorkers();
  await until(async () => heard.has("workers"));
  const members = (await owner.call("GET", "/api/v1/members", undefined, here)).json.items;
  const { userId } = members.find(({ email }: { email: string }) => email === "bob@example.com");
  const changed = await owner.call("PUT", `/api/v1/members/${userId}`, { role: "viewer" }, here);
  assert.equal(changed.status, 204, changed.text);
  await until(async () => {
    heard.clear();
    await setWorkers();
    await setVariable(here);
    await until(async () => heard.has("variables"));
    return !heard.has("workers");
  });
  assert.equal(socket.connected, true);
});

test("what happens by itself is told too: a run of a task goes on and ends without a request about it", async () => {
  const { heard } = await listen({ auth: { key: await keyOf("viewer", here) } });
  await owner.call("PUT", "/api/v1/pools/press", { slots: 1 }, here);
  const made = await owner.call("POST", "/api/v1/workflows?publish=true", waitsForSignal, here);
  assert.equal(made.status, 201, made.text);
  const about = {
    name: "nightly",
    run: { kind: "workflow", workflow: made.json.id },
    resources: { press: 1 },
  };
  const task = await owner.call("POST", "/api/v1/tasks", about, here);
  assert.equal(task.status, 201, task.text);
  await until(async () => heard.has("tasks") && heard.has("workflows") && heard.has("pools"));
  await owner.call("POST", `/api/v1/tasks/${task.json.id}/execute`, {}, here);
  const run = async () => {
    const runs = await owner.call("GET", `/api/v1/tasks/runs?task=${task.json.id}`, undefined, here);
    return runs.json.items[0];
  };
  const execution = await until(async () => {
    const { json } = await owner.call("GET", "/api/v1/waits", undefined, here);
    return json.items[0]?.executionId as string | undefined;
  });
  await until(async () => (await run()).status === "running");
  heard.clear();
  await owner.call("POST", `/api/v1/executions/${execution}/signal`, { name: "paid" }, here);
  await until(async () => (await run()).status === "succeeded" && heard.has("tasks") && heard.has("pools"));
});

test("a workflow that is paused because it fails is told without a request about its limits", async () => {
  const { heard } = await listen({ auth: { key: await keyOf("viewer", here) } });
  const made = await owner.call("POST", "/api/v1/workflows?publish=true", failing, here);
  assert.equal(made.status, 201, made.text);
  await owner.call("PUT", `/api/v1/workflows/${made.json.id}/limits`, { pauseAfterFailures: 1 }, here);
  await until(async () => heard.has("limits"));
  heard.clear();
  await owner.call("POST", `/api/v1/workflows/${made.json.id}/execute`, {}, here);
  await until(async () => heard.has("limits"));
});

function cookieOf({ cookies }: Browser): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}
