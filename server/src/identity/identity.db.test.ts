// A newcomer's way over HTTP: set-up, sign-in, sessions, invitations, organizations, roles; and each guard around it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { browserOf } from "../testing/browserOf.ts";
import { goodPassword, invited, setUpOwner, signedIn } from "../testing/people.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { waitsForSignal } from "../testing/workflows.ts";

const server = await runningServer({ after }, { AURAOS_SIGN_INS_PER_MINUTE: "1000" });

test("before there is an account, only the token that the start printed makes one, once", async () => {
  const stranger = browserOf(server);
  assert.equal((await stranger.call("GET", "/api/v1/auth/options")).json.setUpNeeded, true);
  const body = { name: "Eve", email: "eve@example.com", password: goodPassword };
  const guess = await stranger.call("POST", "/api/v1/auth/set-up", { ...body, token: "x".repeat(43) });
  assert.deepEqual([guess.status, guess.json.code], [403, "SET_UP_TOKEN_WRONG"]);

  const token = await server.running.deps.identity.setUpToken();
  const weak = await stranger.call("POST", "/api/v1/auth/set-up", {
    ...body,
    token,
    password: "password123",
  });
  assert.deepEqual([weak.status, weak.json.code], [422, "PASSWORD_WEAK"]);
  const owner = await setUpOwner(server);
  const again = await stranger.call("POST", "/api/v1/auth/set-up", { ...body, token });
  assert.deepEqual([again.status, again.json.code], [409, "SET_UP_DONE"]);
  assert.equal(await server.running.deps.identity.setUpToken(), undefined);

  const { json: me } = await owner.call("GET", "/api/v1/account");
  assert.deepEqual([me.via, me.user.email, me.organization.role], ["session", "ann@example.com", "owner"]);
  assert.ok(me.actions.includes("organization.delete"));
});

test("a session opens what its role may do, from our own pages only, until it is ended", async () => {
  const owner = await signedIn(server, "ann@example.com");
  assert.equal((await owner.call("POST", "/api/v1/workflows", { name: "mine", nodes: [] })).status, 201);
  const foreign = await owner.call(
    "POST",
    "/api/v1/workflows",
    { name: "x", nodes: [] },
    { origin: "https://evil.example" },
  );
  assert.deepEqual([foreign.status, foreign.json.code], [403, "ORIGIN_FOREIGN"]);

  const other = await signedIn(server, "ann@example.com");
  const { json: sessions } = await owner.call("GET", "/api/v1/account/sessions");
  assert.equal(sessions.items.filter((one: { current: boolean }) => one.current).length, 1);
  assert.ok(!JSON.stringify(sessions).includes([...other.cookies.values()][0]?.slice(0, 20) ?? "?"));
  assert.equal((await owner.call("DELETE", "/api/v1/account/sessions")).status, 204);
  assert.equal((await other.call("GET", "/api/v1/account")).status, 401);
  assert.equal((await owner.call("GET", "/api/v1/account")).status, 200);

  const kept = new Map(owner.cookies);
  assert.equal((await owner.call("POST", "/api/v1/auth/sign-out")).status, 204);
  assert.equal(owner.cookies.size, 0);
  for (const [name, value] of kept) owner.cookies.set(name, value);
  const { status, json } = await owner.call("GET", "/api/v1/account");
  assert.deepEqual([status, json.code], [401, "SESSION_ENDED"]);
});

test("an invitation makes one account, however many accept at once; an outsider does not take it over", async () => {
  const owner = await signedIn(server, "ann@example.com");
  const { json: made } = await owner.call("POST", "/api/v1/invitations", {
    email: "Bob@example.com",
    role: "editor",
  });
  const token = new URL(made.link).hash.slice(1);
  const { json: shown } = await browserOf(server).call("POST", "/api/v1/auth/invitation", { token });
  assert.deepEqual(shown, {
    organization: "Default",
    email: "bob@example.com",
    role: "editor",
    hasAccount: false,
  });
  const tries = await Promise.all(
    Array.from({ length: 6 }, () =>
      browserOf(server).call("POST", "/api/v1/auth/invitation/accept", {
        token,
        name: "Bob",
        password: goodPassword,
      }),
    ),
  );
  assert.deepEqual(tries.map(({ status }) => status).sort(), [200, 410, 410, 410, 410, 410]);
  const bob = await signedIn(server, "bob@example.com");
  const { json: me } = await bob.call("GET", "/api/v1/account");
  assert.equal(me.organization.role, "editor");
  const refused = await bob.call("POST", "/api/v1/invitations", {
    email: "carl@example.com",
    role: "viewer",
  });
  assert.deepEqual([refused.status, refused.json.code], [403, "NOT_ALLOWED"]);

  const { json: second } = await owner.call("POST", "/api/v1/organizations", { name: "Second & Söhne" });
  const there = { "x-auraos-organization": second.slug };
  const inviteBob = await owner.call(
    "POST",
    "/api/v1/invitations",
    { email: "bob@example.com", role: "viewer" },
    there,
  );
  const secondToken = new URL(inviteBob.json.link).hash.slice(1);
  const outsider = await browserOf(server).call("POST", "/api/v1/auth/invitation/accept", {
    token: secondToken,
    name: "Not Bob",
    password: goodPassword,
  });
  assert.deepEqual([outsider.status, outsider.json.code], [409, "SIGN_IN_FIRST"]);
  assert.equal(
    (await bob.call("POST", "/api/v1/auth/invitation/accept", { token: secondToken })).status,
    200,
  );
});

test("of several organizations the request names one; nobody falls back on some", async () => {
  const bob = await signedIn(server, "bob@example.com");
  const { json: me } = await bob.call("GET", "/api/v1/account");
  assert.equal(me.organization, undefined);
  assert.equal(me.organizations.length, 2);
  const none = await bob.call("GET", "/api/v1/workflows");
  assert.deepEqual([none.status, none.json.code], [400, "ORGANIZATION_NEEDED"]);
  const [first, second] = me.organizations;
  const inFirst = await bob.call("GET", "/api/v1/workflows", undefined, {
    "x-auraos-organization": first.id,
  });
  assert.equal(inFirst.json.items.length, 1);
  const inSecond = await bob.call("GET", "/api/v1/workflows", undefined, {
    "x-auraos-organization": second.slug,
  });
  assert.deepEqual(inSecond.json.items, []);
  for (const name of ["01900000-0000-7000-8000-000000000000", "no-such"]) {
    const foreign = await bob.call("GET", "/api/v1/workflows", undefined, { "x-auraos-organization": name });
    assert.deepEqual([foreign.status, foreign.json.code], [403, "NOT_A_MEMBER"]);
  }
});

test("an organization keeps an owner; an admin cannot touch one; a removed member's keys end", async () => {
  const owner = await signedIn(server, "ann@example.com");
  const { json: organization } = await owner.call("POST", "/api/v1/organizations", { name: "Third" });
  const there = { "x-auraos-organization": organization.id };
  const admin = await invited(server, owner, "dora@example.com", "admin", there);
  const { json: members } = await owner.call("GET", "/api/v1/members", undefined, there);
  const idOf = (email: string) =>
    members.items.find((member: { email: string }) => member.email === email).userId;
  const ann = idOf("ann@example.com");
  const dora = idOf("dora@example.com");

  const demote = await owner.call("PUT", `/api/v1/members/${ann}`, { role: "viewer" }, there);
  assert.deepEqual([demote.status, demote.json.code], [409, "LAST_OWNER"]);
  assert.equal((await owner.call("POST", "/api/v1/account/leave", undefined, there)).json.code, "LAST_OWNER");
  for (const [method, path, body] of [
    ["PUT", `/api/v1/members/${ann}`, { role: "viewer" }],
    ["DELETE", `/api/v1/members/${ann}`, undefined],
    ["PUT", `/api/v1/members/${dora}`, { role: "owner" }],
    ["POST", "/api/v1/invitations", { email: "x@example.com", role: "owner" }],
  ] as const) {
    const refused = await admin.call(method, path, body);
    assert.deepEqual([refused.status, refused.json.code], [403, "RIGHTS_EXCEEDED"], `${method} ${path}`);
  }
  const { json: key } = await admin.call("POST", "/api/v1/api-keys", { name: "of dora", role: "viewer" });
  const asKey = { authorization: `Bearer ${key.key}` };
  assert.equal((await server.call("GET", "/api/v1/workflows", undefined, asKey)).status, 200);
  assert.equal((await owner.call("DELETE", `/api/v1/members/${dora}`, undefined, there)).status, 204);
  assert.equal((await server.call("GET", "/api/v1/workflows", undefined, asKey)).status, 401);
  assert.equal((await admin.call("GET", "/api/v1/workflows")).json.code, "NO_ORGANIZATION");
});

test("a role of the organization's own does what it says, at once, and gives nobody more than its maker", async () => {
  const owner = await signedIn(server, "ann@example.com");
  const { json: organization } = await owner.call("POST", "/api/v1/organizations", { name: "Fourth" });
  const there = { "x-auraos-organization": organization.id };
  const made = await owner.call("PUT", "/api/v1/roles/reporter", { actions: ["stats.read"] }, there);
  assert.equal(made.status, 200, made.text);
  const reporter = await invited(server, owner, "rita@example.com", "reporter", there);
  assert.equal((await reporter.call("GET", "/api/v1/stats")).status, 200);
  assert.equal((await reporter.call("GET", "/api/v1/workflows")).status, 403);
  await owner.call("PUT", "/api/v1/roles/reporter", { actions: ["workflow.read"] }, there);
  assert.equal((await reporter.call("GET", "/api/v1/stats")).status, 403);
  assert.equal((await reporter.call("GET", "/api/v1/workflows")).status, 200);

  assert.equal(
    (await owner.call("PUT", "/api/v1/roles/owner", { actions: ["stats.read"] }, there)).status,
    409,
  );
  assert.equal(
    (await owner.call("DELETE", "/api/v1/roles/reporter", undefined, there)).json.code,
    "ROLE_USED",
  );
  const admin = await invited(server, owner, "adam@example.com", "admin", there);
  const more = await admin.call("PUT", "/api/v1/roles/mighty", { actions: ["organization.delete"] });
  assert.equal(more.json.code, "RIGHTS_EXCEEDED");
  const { json: table } = await owner.call("GET", "/api/v1/permissions", undefined, there);
  assert.deepEqual(table.roles.at(-1), { role: "reporter", builtIn: false, actions: ["workflow.read"] });
});

test("a forgotten password: the same answer for everybody, a token that works once, and every session ends", async () => {
  const before = await signedIn(server, "bob@example.com");
  const links: string[] = [];
  const { identity } = server.running.deps;
  const send = identity.mail.send;
  identity.mail.send = async (letter) => {
    links.push(letter.link);
    return true;
  };
  const stranger = browserOf(server);
  for (const email of ["bob@example.com", "nobody@example.com"]) {
    const asked = await stranger.call("POST", "/api/v1/auth/password-reset", { email });
    assert.deepEqual([asked.status, asked.text], [204, ""]);
  }
  identity.mail.send = send;
  assert.equal(links.length, 1);
  const token = links[0]?.split("#")[1];
  const weak = await stranger.call("POST", "/api/v1/auth/password", { token, newPassword: "1234567890" });
  assert.equal(weak.status, 422);
  const newPassword = "seven quiet yellow trams";
  assert.equal((await stranger.call("POST", "/api/v1/auth/password", { token, newPassword })).status, 204);
  assert.equal((await stranger.call("POST", "/api/v1/auth/password", { token, newPassword })).status, 401);
  assert.equal((await before.call("GET", "/api/v1/account")).status, 401);
  const old = await stranger.call("POST", "/api/v1/auth/sign-in", {
    email: "bob@example.com",
    password: goodPassword,
  });
  assert.deepEqual([old.status, old.json.code], [401, "INVALID_EMAIL_OR_PASSWORD"]);
  await signedIn(server, "bob@example.com", newPassword);
});

test("an account that is deleted leaves nothing of the person behind", async () => {
  const owner = await signedIn(server, "ann@example.com");
  const headers = { "x-auraos-organization": "default" };
  const gone = await invited(server, owner, "gone@example.com", "editor", headers);
  const { json: me } = await gone.call("GET", "/api/v1/account");
  assert.equal((await gone.call("DELETE", "/api/v1/account")).status, 204);
  assert.equal((await gone.call("GET", "/api/v1/account")).status, 401);
  const { rows } = await server.running.deps.identity.pool.query("SELECT * FROM users WHERE id = $1", [
    me.user.id,
  ]);
  assert.deepEqual([rows[0].name, rows[0].email], [null, null]);
  const alone = await owner.call("DELETE", "/api/v1/account");
  assert.deepEqual([alone.status, alone.json.code], [409, "LAST_OWNER"]);
});

test("an organization that is deleted stops working and opens to nobody; the first one stays", async () => {
  const owner = await signedIn(server, "ann@example.com");
  const { json: organization } = await owner.call("POST", "/api/v1/organizations", { name: "Fifth" });
  const there = { "x-auraos-organization": organization.id };
  const { json: workflow } = await owner.call("POST", "/api/v1/workflows", waitsForSignal, there);
  const path = `/api/v1/workflows/${workflow.id}/execute`;
  const { json: execution } = await owner.call("POST", path, {}, there);
  const { json: key } = await owner.call("POST", "/api/v1/api-keys", { name: "k", role: "owner" }, there);
  const asKey = { authorization: `Bearer ${key.key}` };
  assert.equal((await server.call("GET", "/api/v1/workflows", undefined, asKey)).status, 200);
  const end = (name: string, headers: Record<string, string>) =>
    owner.call("POST", "/api/v1/organization/end", { name }, headers);
  assert.equal((await end("Sixth", there)).json.code, "NAME_DIFFERS");
  assert.equal(
    (await end("Default", { "x-auraos-organization": "default" })).json.code,
    "FIRST_ORGANIZATION",
  );
  const ended = await end("Fifth", there);
  assert.equal(ended.status, 204, ended.text);
  assert.equal((await owner.call("GET", "/api/v1/workflows", undefined, there)).json.code, "NOT_A_MEMBER");
  assert.equal((await server.call("GET", "/api/v1/workflows", undefined, asKey)).status, 401);
  await until(async () => {
    const { rows } = await server.running.deps.journal.query(
      "SELECT status FROM workflow_executions WHERE id = $1",
      [execution.id],
    );
    return rows[0]?.status === "cancelled";
  });
  const sealed = await server.running.deps.journal.query(
    "SELECT DISTINCT t.key_id, k.id FROM turns t LEFT JOIN payload_keys k ON k.id = t.key_id WHERE t.execution_id = $1 AND t.seq = 1",
    [execution.id],
  );
  assert.ok(sealed.rows[0]?.key_id);
  assert.equal(sealed.rows[0]?.id, null, "the key of its first turn is gone");
});
