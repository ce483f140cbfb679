// Every route of the contract is called with a handler that only nods: whatever is not a GET must have its entry, or stand
// among the few exceptions of kindOf.ts. And signing in, failing to, second factors, wrong keys.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Endpoint, isOpen } from "@auraos/contract";
import express from "express";
import { nobody } from "../platform/caller.ts";
import { type Call, mount, type Route } from "../platform/http.ts";
import { browserOf } from "../testing/browserOf.ts";
import { everyEndpoint } from "../testing/everyRoute.ts";
import { invited, setUpOwner, signedIn } from "../testing/people.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { totpCode } from "../testing/totp.ts";
import type { AuditFact } from "./createAudit.ts";
import { kindOf } from "./kindOf.ts";
import { watchRequests } from "./watchRequests.ts";

const server = await runningServer({ after }, { AURAOS_SIGN_INS_PER_MINUTE: "1000" });
const { deps } = server.running;
const ann = await setUpOwner(server);
const list = async (query: string) => (await ann.call("GET", `/api/v1/audit?limit=200&${query}`)).json.items;

/** Each with its reason in kindOf.ts; a new one has to be thought about here too. */
const WITHOUT_ENTRY = [
  /^POST \/api\/v1\/workflows\/:id\/(execute|test-hooks)$/,
  /^POST \/api\/v1\/(events|tasks\/optimize|tasks\/:id\/execute|tasks\/runs\/:id\/retry)$/,
  /^POST \/api\/v1\/schedules\/:id\/(trigger|backfill)$/,
  /^POST \/api\/v1\/events\/(subscriptions\/:id\/replay|dead\/:id\/redeliver)$/,
  /^POST \/api\/v1\/auth\/invitation$/,
];

test("no route that changes something is without an entry", async () => {
  const noted: AuditFact[] = [];
  const watched = {
    ...deps,
    audit: {
      ...deps.audit,
      begin: () => {},
      forget: () => {},
      note: async (fact: AuditFact) => void noted.push(fact),
    },
  };
  const missing: string[] = [];
  for (const endpoint of everyEndpoint) {
    const label = `${endpoint.method.toUpperCase()} ${endpoint.path}`;
    noted.length = 0;
    await nod(watched, endpoint);
    const isQuestion = endpoint.method === "get" || endpoint.action.endsWith(".read");
    const isExcepted = isQuestion || WITHOUT_ENTRY.some((one) => one.test(label));
    const hasEntry = noted.some(({ what, action }) => what === label && action === endpoint.action);
    if (!isExcepted && !hasEntry) missing.push(label);
    if (kindOf(endpoint) !== undefined) assert.ok(hasEntry, label);
  }
  assert.deepEqual(missing, []);
});

/** The real router and the real watching around a handler that does nothing. */
async function nod(watched: typeof deps, endpoint: Endpoint): Promise<void> {
  const bare = { ...endpoint, params: undefined, query: undefined, body: undefined, reply: undefined };
  const route: Route = { endpoint: Object.assign(endpoint, {}), handler: () => ({ empty: true }) };
  const hooks = watchRequests(watched, [route]);
  const caller = {
    ...nobody,
    orgId: server.running.orgId,
    actor: "key:test",
    role: "owner",
    actions: "all",
  } as const;
  const app = express();
  mount(app, [{ ...route, endpoint: bare as unknown as Endpoint }], {
    authorise: () => caller,
    log: () => {},
    count: () => {},
    bodyBytesMax: () => 1000,
    onBegin: (_, call, seen) => hooks.onBegin(route, call as Call<Endpoint>, seen),
    onDone: (_, call, seen, answer) => hooks.onDone(route, call as Call<Endpoint>, seen, answer),
    onFailed: (_, request, seen, error) => hooks.onFailed(route, request, seen, error),
  });
  const listening = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => listening.once("listening", resolve));
  const { port } = listening.address() as { port: number };
  await fetch(`http://127.0.0.1:${port}${endpoint.path}`, {
    method: endpoint.method.toUpperCase(),
    redirect: "manual",
  });
  await new Promise((resolve) => listening.close(resolve));
}

test("signing in, failing to, and signing out are there, for the person that it was", async () => {
  const bo = await invited(server, ann, "bo@example.com", "editor");
  assert.equal((await bo.call("POST", "/api/v1/auth/sign-out")).status, 204);
  await signedIn(server, "bo@example.com");
  const wrong = await browserOf(server).call("POST", "/api/v1/auth/sign-in", {
    ...{ email: "bo@example.com", password: "not the right one" },
  });
  assert.equal(wrong.status, 401);
  const nobodys = await browserOf(server).call("POST", "/api/v1/auth/sign-in", {
    ...{ email: "ghost@example.com", password: "not the right one" },
  });
  assert.equal(nobodys.status, 401);
  const mine = await list("actor=user:bo@example.com");
  const kinds = mine.map(
    ({ kind, what }: { kind: string; what: string }) => `${kind} ${what.split("/").at(-1)}`,
  );
  assert.deepEqual(kinds, ["signInFailed sign-in", "signIn sign-in", "signOut sign-out"]);
  assert.ok(
    mine.every(
      ({ actor, address }: Record<string, string>) =>
        actor === "user:bo@example.com" && address === "127.0.0.1",
    ),
  );
  const failed = await list("kind=signInFailed");
  assert.deepEqual(
    failed.map(({ actor, code }: Record<string, string>) => [actor, code]),
    [
      ["anonymous", "INVALID_EMAIL_OR_PASSWORD"],
      ["user:bo@example.com", "INVALID_EMAIL_OR_PASSWORD"],
    ],
  );
});

test("a second factor that begins or ends is a change of the account", async () => {
  const begun = await ann.call("POST", "/api/v1/auth/totp", { password: "four unlikely grey herons" });
  assert.equal(begun.status, 200, begun.text);
  const confirmed = await ann.call("PUT", "/api/v1/auth/totp", { code: totpCode(begun.json.totpURI) });
  assert.equal(confirmed.status, 204, confirmed.text);
  const [entry] = await list("kind=change&action=account.write");
  assert.equal(entry.what, "PUT /api/v1/auth/totp");
  assert.ok(
    entry.changes.some(
      ({ path, before, after }: Record<string, unknown>) =>
        /twoFactor/.test(String(path)) && before === false && after === true,
    ),
    JSON.stringify(entry.changes),
  );
});

test("who somebody is stands sealed: without their key the entry is still there, and says nobody's name", async () => {
  const rows = await list("actor=user:bo@example.com");
  assert.ok(rows.length > 0);
  const exported = await ann.call("GET", "/api/v1/audit/checkpoints");
  assert.equal(exported.status, 200);
  const { withTenant } = await import("../platform/db.ts");
  const { orgId } = server.running;
  const { rows: stored } = await withTenant(deps.api, orgId, (tx) =>
    tx.query<{ entry: string }>("SELECT entry FROM audit_entries WHERE org_id = $1", [orgId]),
  );
  assert.ok(
    !stored.some(({ entry }) => entry.includes("bo@example.com") || entry.includes("ann@example.com")),
  );
  await withTenant(deps.api, orgId, (tx) => deps.subjects.destroySubject(tx, orgId, "bo@example.com"));
  const after = (await ann.call("GET", `/api/v1/audit/${rows[0].seq}`)).json;
  assert.match(after.actor, /^user:[0-9a-f-]{36}$/);
  assert.equal(after.address, null);
  assert.equal((await ann.call("GET", "/api/v1/audit/verify")).json.ok, true);
});

test("keys that are none are counted, not copied; one that was revoked is told to its organization", async () => {
  const { json: key } = await ann.call("POST", "/api/v1/api-keys", { name: "old", role: "viewer" });
  await ann.call("DELETE", `/api/v1/api-keys/${key.id}`);
  const knock = (secret: string) =>
    server.call("GET", "/api/v1/workflows", undefined, { authorization: `Bearer ${secret}` });
  for (let n = 0; n < 5; n += 1) assert.equal((await knock(`aos_wrong_${n}`)).status, 401);
  assert.equal((await knock(key.key)).status, 401);
  const denials = await until(async () => {
    const found = await list("kind=denial");
    return found.some(({ actor }: { actor: string }) => actor === "key:old") && found;
  });
  const unknown = denials.filter(
    ({ actor, code }: Record<string, string>) => actor === "anonymous" && code === "KEY_NEEDED",
  );
  assert.equal(unknown.length, 1);
});

test("every refusal for want of a right is there", async () => {
  const { json: key } = await ann.call("POST", "/api/v1/api-keys", { name: "viewer of all", role: "viewer" });
  const protectedOnes = everyEndpoint.filter(
    ({ action, method }) => !isOpen(action) && method !== "get" && !action.endsWith(".read"),
  );
  let refused = 0;
  for (const { method, path } of protectedOnes.slice(0, 40)) {
    const address = path.replace(/:\w+/g, "01900000-0000-7000-8000-000000000000");
    const { status } = await server.call(
      method.toUpperCase(),
      address,
      {},
      { authorization: `Bearer ${key.key}` },
    );
    if (status === 403) refused += 1;
  }
  assert.ok(refused > 20, String(refused));
  const found = await list("actor=key:viewer%20of%20all&outcome=denied");
  assert.equal(found.length, refused);
});
