// A newcomer's whole way over HTTP, in order: first start, owner, a second person by invitation, authenticator app, passkey,
// API key, a role of their own, an act that is denied and its entry in the audit log, signing out everywhere.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createAuthenticator } from "./testing/authenticator.ts";
import { type Browser, browserOf } from "./testing/browserOf.ts";
import { goodPassword } from "./testing/people.ts";
import { runningServer, type TestServer } from "./testing/runningServer.ts";
import { totpCode } from "./testing/totp.ts";

// Without AURAOS_API_KEY, as at home: the first start makes a key and prints where the owner's account is made.
const first = await runningServer({ after }, { AURAOS_API_KEY: "", AURAOS_SIGN_INS_PER_MINUTE: "1000" });
// Passkeys want a name.
const server: TestServer = {
  ...first,
  running: { ...first.running, url: first.running.url.replace("127.0.0.1", "localhost") },
};
const { deps } = server.running;

async function did(browser: Browser, method: string, path: string, body?: unknown, status = 204) {
  const reply = await browser.call(method, path, body);
  assert.equal(reply.status, status, `${method} ${path}: ${reply.text}`);
  return reply.json;
}

test("from the first start to signing out everywhere", async () => {
  const ann = browserOf(server);
  const options = await did(ann, "GET", "/api/v1/auth/options", undefined, 200);
  assert.deepEqual([options.setUpNeeded, options.signedIn], [true, false]);
  assert.match(first.running.newKey ?? "", /^aos_/, "the start made a key");
  const token = await deps.identity.setUpToken();
  const account = { name: "Ann", email: "ann@example.com", password: goodPassword, organization: "Herons" };
  await did(ann, "POST", "/api/v1/auth/set-up", { ...account, token }, 201);

  // A second person.
  const { link } = await did(
    ann,
    "POST",
    "/api/v1/invitations",
    { email: "bob@example.com", role: "editor" },
    201,
  );
  const bob = browserOf(server);
  const invitation = new URL(link).hash.slice(1);
  const joining = { token: invitation, name: "Bob", password: goodPassword };
  await did(bob, "POST", "/api/v1/auth/invitation/accept", joining, 200);
  const me = await did(bob, "GET", "/api/v1/account", undefined, 200);
  assert.deepEqual([me.organization.name, me.organization.role], ["Herons", "editor"]);

  // An authenticator app: from now on the password alone opens nothing.
  const begun = await did(bob, "POST", "/api/v1/auth/totp", { password: goodPassword }, 200);
  assert.equal(begun.backupCodes.length, 10);
  await did(bob, "PUT", "/api/v1/auth/totp", { code: totpCode(begun.totpURI, -1) });
  const again = browserOf(server);
  const half = await did(
    again,
    "POST",
    "/api/v1/auth/sign-in",
    { email: "bob@example.com", password: goodPassword },
    200,
  );
  assert.equal(half.twoFactorNeeded, true);
  await did(again, "POST", "/api/v1/auth/sign-in/code", { code: totpCode(begun.totpURI) }, 200);

  // A passkey, which opens by itself.
  const device = createAuthenticator(server.running.url);
  const register = await did(again, "GET", "/api/v1/auth/passkeys/options", undefined, 200);
  const added = await again.call("POST", "/api/v1/auth/passkeys", {
    name: "laptop",
    response: device.register(register),
  });
  assert.ok(added.status < 300, added.text);
  const byPasskey = browserOf(server);
  const question = await did(byPasskey, "GET", "/api/v1/auth/sign-in/passkey", undefined, 200);
  const proof = device.authenticate(question);
  await did(byPasskey, "POST", "/api/v1/auth/sign-in/passkey", { response: proof }, 200);
  assert.equal((await did(byPasskey, "GET", "/api/v1/account", undefined, 200)).user.name, "Bob");
  const replay = await browserOf(server).call("POST", "/api/v1/auth/sign-in/passkey", { response: proof });
  assert.ok(replay.status >= 400, "the same proof opens nothing twice");

  // A role of the organization's own, for a key and for Bob.
  const role = { description: "Runs what is due", actions: ["workflow.read", "workflow.execute"] };
  await did(ann, "PUT", "/api/v1/roles/night-shift", role, 200);
  await did(ann, "PUT", `/api/v1/members/${me.user.id}`, { role: "night-shift" });
  const made = await did(ann, "POST", "/api/v1/api-keys", { name: "night", role: "night-shift" }, 201);
  const withKey = (method: string, path: string, body?: unknown) =>
    server.call(method, path, body, { authorization: `Bearer ${made.key}` });
  assert.equal((await withKey("GET", "/api/v1/workflows")).status, 200);

  // What the role lacks is refused, by session and by key, and both are in the audit log.
  const workflow = { name: "not mine", nodes: [] };
  assert.equal((await byPasskey.call("POST", "/api/v1/workflows", workflow)).json.code, "NOT_ALLOWED");
  assert.equal((await withKey("POST", "/api/v1/workflows", workflow)).json.code, "NOT_ALLOWED");
  assert.equal((await byPasskey.call("GET", "/api/v1/audit")).status, 403);
  const { items } = await did(ann, "GET", "/api/v1/audit?kind=denial&action=workflow.write", undefined, 200);
  const entries = items.map((entry: { actor: string; role: string; code: string }) => [
    entry.actor,
    entry.code,
  ]);
  for (const actor of ["user:bob@example.com", "key:night"])
    assert.ok(
      entries.some((entry: string[]) => entry[0] === actor && entry[1] === "NOT_ALLOWED"),
      JSON.stringify(entries),
    );
  const checked = await did(ann, "GET", "/api/v1/audit/verify", undefined, 200);
  assert.equal(checked.ok, true, JSON.stringify(checked));

  // Everywhere at once: by an admin, and by oneself.
  await did(ann, "POST", `/api/v1/members/${me.user.id}/sign-out`);
  for (const browser of [bob, again, byPasskey])
    assert.equal((await browser.call("GET", "/api/v1/account")).status, 401);
  await did(ann, "DELETE", "/api/v1/account/sessions?here=1");
  assert.equal((await ann.call("GET", "/api/v1/account")).status, 401);
  await did(ann, "POST", "/api/v1/auth/sign-in", { email: "ann@example.com", password: goodPassword }, 200);
});
