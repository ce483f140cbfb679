// A second organization tries to read, guess, enumerate, subscribe and overwrite what the first one has: every route with
// every foreign id, by session and by key, live streams included. Nothing of the first may come back, nothing may change.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { isOpen } from "@auraos/contract";
import { io, type Socket } from "socket.io-client";
import { browserOf } from "../testing/browserOf.ts";
import { everyEndpoint, tryEndpoint } from "../testing/everyRoute.ts";
import { goodPassword, invited, setUpOwner } from "../testing/people.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { waitsForSignal } from "../testing/workflows.ts";

/** In what the first organization has; the attacker never says it, so that nothing can have said it back. */
const CANARY = "canary-of-the-first-organization";
/** Names that may be guessed. */
const KNOWN = "invoices";
const server = await runningServer({ after }, { AURAOS_SIGN_INS_PER_MINUTE: "1000" });
const victim = await setUpOwner(server);
const ids = await fill();
const attacker = await newcomer();

/** One of everything, each with the canary in it. */
async function fill(): Promise<Record<string, string>> {
  const made = async (path: string, body: unknown, status = 201) => {
    const reply = await victim.call("POST", path, body);
    assert.equal(reply.status, status, `${path}: ${reply.text}`);
    return reply.json;
  };
  const workflow = await made("/api/v1/workflows", { ...waitsForSignal, name: KNOWN, description: CANARY });
  const execution = await made(`/api/v1/workflows/${workflow.id}/execute`, { secret: CANARY }, 202);
  const schedule = await made("/api/v1/schedules", {
    name: CANARY,
    workflow: workflow.id,
    cron: "0 4 * * *",
  });
  const key = await made("/api/v1/api-keys", { name: CANARY, role: "viewer" });
  const invitation = await made("/api/v1/invitations", { email: `${CANARY}@example.com`, role: "viewer" });
  await victim.call("PUT", "/api/v1/roles/first-only", { description: CANARY, actions: ["stats.read"] });
  await victim.call("PUT", `/api/v1/schedules/calendars/${KNOWN}`, { dates: ["2026-12-25"] });
  const blob = await victim.call("POST", `/api/v1/blobs?name=${CANARY}`, CANARY, {
    "content-type": "application/octet-stream",
  });
  await until(async () => (await victim.call("GET", `/api/v1/executions/${execution.id}`)).status === 200);
  const { json: me } = await victim.call("GET", "/api/v1/account");
  const { json: sessions } = await victim.call("GET", "/api/v1/account/sessions");
  return {
    workflow: workflow.id,
    workflowName: KNOWN,
    execution: execution.id,
    schedule: schedule.id,
    key: key.id,
    invitation: invitation.id,
    role: "first-only",
    blob: blob.json.blob,
    member: me.user.id,
    session: sessions.items[0].id,
    organization: me.organization.id,
  };
}

/** Somebody who was invited elsewhere, left, and owns an organization of their own now. */
async function newcomer() {
  const browser = await invited(server, victim, "eve@example.com", "viewer");
  const { json: own } = await browser.call("POST", "/api/v1/organizations", { name: "Second" });
  const headers = { "x-auraos-organization": own.id };
  const first = { "x-auraos-organization": ids.organization ?? "" };
  assert.equal((await browser.call("POST", "/api/v1/account/leave", undefined, first)).status, 204);
  const { json: key } = await browser.call(
    "POST",
    "/api/v1/api-keys",
    { name: "attack", role: "owner" },
    headers,
  );
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return { browser, key: key.key as string, cookie, organization: own.id as string };
}

/** Everything of the first organization, as it sees it itself. */
async function state(): Promise<unknown> {
  const paths = [
    `/api/v1/workflows/${ids.workflow}`,
    `/api/v1/schedules/${ids.schedule}`,
    "/api/v1/schedules/calendars",
    "/api/v1/members",
    "/api/v1/invitations",
    "/api/v1/api-keys",
    "/api/v1/permissions",
    "/api/v1/workflows",
    `/api/v1/executions/${ids.execution}/turns`,
  ];
  const all = [];
  for (const path of paths) {
    const { status, json } = await victim.call("GET", path);
    assert.equal(status, 200, path);
    all.push(json);
  }
  return all;
}

test("every route, every foreign id, by session and by key: nothing comes back and nothing changes", async () => {
  const before = await state();
  const ways: Record<string, string>[] = [
    { authorization: `Bearer ${attacker.key}` },
    { cookie: attacker.cookie },
    { cookie: attacker.cookie, "x-auraos-organization": attacker.organization },
  ];
  let tried = 0;
  for (const headers of ways)
    for (const endpoint of everyEndpoint) {
      if (isOpen(endpoint.action) || isAboutAttacker(endpoint.method, endpoint.path)) continue;
      const names = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      const candidates = names.length === 0 ? [""] : Object.values(ids);
      for (const id of candidates) {
        const { label, status, text } = await tryEndpoint(server.running.url, endpoint, headers, () => id);
        tried += 1;
        assert.ok(!text.includes(CANARY), `${label} of ${id} gives away: ${text.slice(0, 300)}`);
        assert.notEqual(status, 500, `${label} of ${id}: ${text}`);
        const isUuid = /^[0-9a-f-]{36}$/.test(id);
        if (isUuid && names.includes("id")) assert.ok(status >= 400, `${label} of ${id} -> ${status}`);
      }
    }
  assert.ok(tried > 1_000, `${tried} tries`);
  assert.deepEqual(await state(), before);
});

test("queries and headers that name the first organization's things find nothing", async () => {
  const as = { authorization: `Bearer ${attacker.key}` };
  for (const path of [
    `/api/v1/executions?workflow=${ids.workflow}`,
    `/api/v1/workflows?name=${KNOWN}`,
    `/api/v1/workflows?search=${KNOWN}`,
    `/api/v1/schedules?workflow=${ids.workflow}`,
    `/api/v1/stats?workflow=${ids.workflow}`,
    "/api/v1/stats/failures",
  ]) {
    const { status, text } = await server.call("GET", path, undefined, as);
    assert.ok(!text.includes(CANARY) && !text.includes(ids.workflow ?? "?"), `${path} ${status}: ${text}`);
  }
  for (const headers of [as, { cookie: attacker.cookie, authorization: "" }]) {
    const { status, json } = await server.call("GET", "/api/v1/workflows", undefined, {
      ...headers,
      "x-auraos-organization": ids.organization ?? "",
    });
    assert.equal(
      status === 403 ? json.code : status,
      headers === as ? "NOT_A_MEMBER" : status,
      String(status),
    );
    assert.ok(status === 403 || status === 401);
  }
});

test("no live stream tells the one about the other", async (t) => {
  const heard: unknown[] = [];
  const sockets: Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.close();
  });
  for (const options of [
    { auth: { key: attacker.key } },
    { auth: { organization: attacker.organization }, extraHeaders: { cookie: attacker.cookie } },
  ]) {
    const socket = io(server.running.url, { ...options, transports: ["websocket"], forceNew: true });
    sockets.push(socket);
    socket.onAny((...message: unknown[]) => heard.push(message));
    await new Promise<void>((resolve, reject) => {
      socket.on("connect", () => resolve());
      socket.on("connect_error", reject);
    });
    for (const to of [
      { to: "execution", id: ids.execution },
      { to: "workflow", id: ids.workflow },
      { to: "all" },
    ])
      await socket.emitWithAck("subscribe", to);
  }
  const refused = io(server.running.url, {
    auth: { organization: ids.organization },
    extraHeaders: { cookie: attacker.cookie },
    transports: ["websocket"],
    forceNew: true,
  });
  sockets.push(refused);
  const error = await new Promise<Error & { data?: { code?: string } }>((resolve) =>
    refused.on("connect_error", resolve),
  );
  assert.equal(error.data?.code, "NOT_A_MEMBER");

  // The first organization is busy; its own stream says so, the others say nothing.
  const own = io(server.running.url, {
    auth: { key: server.settings.apiKey },
    transports: ["websocket"],
    forceNew: true,
  });
  sockets.push(own);
  const ownHeard: unknown[] = [];
  own.onAny((...message: unknown[]) => ownHeard.push(message));
  await new Promise<void>((resolve) => own.on("connect", () => resolve()));
  await own.emitWithAck("subscribe", { to: "all" });
  await victim.call("POST", `/api/v1/workflows/${ids.workflow}/execute`, { secret: CANARY });
  await until(async () => ownHeard.length > 0);
  const told = heard as [string, { executions?: unknown[] }][];
  assert.ok(told.length >= 6, "each subscription was answered, with nothing");
  for (const [event, message] of told)
    assert.deepEqual([event, message.executions], ["state", []], JSON.stringify(message));
});

test("a session that ends takes its live connection along", async () => {
  const browser = browserOf(server);
  await browser.call("POST", "/api/v1/auth/sign-in", { email: "ann@example.com", password: goodPassword });
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const socket = io(server.running.url, {
    extraHeaders: { cookie },
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
  });
  await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
  const ended = new Promise<string>((resolve) => socket.on("disconnect", resolve));
  await browser.call("POST", "/api/v1/auth/sign-out");
  assert.equal(await ended, "io server disconnect");
  socket.close();
});

/** What the attacker may well do to itself. */
function isAboutAttacker(method: string, path: string): boolean {
  return (
    method !== "get" &&
    ["/api/v1/account", "/api/v1/account/leave", "/api/v1/account/sessions"].includes(path)
  );
}
