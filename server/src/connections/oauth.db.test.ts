// OAuth 2.0 against a real authorization server (oidc-provider): for machines, for a person with PKCE, renewal with
// rotating refresh tokens, one request at a time, and what is done when the access has ended.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { runningServer } from "../testing/runningServer.ts";
import { allowAs, startOidc } from "../testing/startOidc.ts";

const listen = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.closeAllConnections());
  after(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const seen: (string | undefined)[] = [];
const api = await listen(
  createServer((request, response) => {
    seen.push(request.headers.authorization);
    const isKnown = (request.headers.authorization ?? "").length > 20 && !refused.has(seen.at(-1) ?? "");
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" }).end('{"hello":"there"}');
  }),
);
const refused = new Set<string>();

const server = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: "127.0.0.1" });
const { call } = server;
const redirectUri = `${server.running.url}/connections/authorized`;

const oidc = await startOidc(
  { after },
  {
    clients: [
      {
        client_id: "machine",
        client_secret: "machine-secret-1234567890",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
      {
        client_id: "person",
        client_secret: "person-secret-1234567890",
        grant_types: ["authorization_code", "refresh_token"],
        redirect_uris: [redirectUri],
        response_types: ["code"],
      },
    ],
    // Shorter than what counts as fresh: each use renews.
    accessTokenSeconds: 30,
  },
);

const make = async (body: object) => {
  const reply = await call("POST", "/api/v1/connections", body);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
};
const base = { tokenUrl: `${oidc.issuer}/token`, testUrl: `http://${api}/me` };
const workflowWith = async (credential: string, errorHandling: object = {}) => {
  const { json } = await call("POST", "/api/v1/workflows", {
    name: `Uses ${credential}`,
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "ask", type: "http", config: { url: `http://${api}/data`, credential }, errorHandling },
    ],
    connections: [{ from: "start", to: "ask" }],
  });
  return () => call("POST", `/api/v1/workflows/${json.id}/execute?wait=20`, {});
};

test("a machine signs in by itself; many at once ask for one token; a refused one is replaced", async () => {
  const values = { ...base, clientId: "machine", clientSecret: "machine-secret-1234567890" };
  const made = await make({ name: "Machine", type: "oauth2.clientCredentials", values, hosts: [api] });
  const run = await workflowWith("Machine", { retry: { attempts: 2, delayMs: 1, on: ["auth"] } });
  const runs = await Promise.all([run(), run(), run(), run()]);
  for (const one of runs) assert.equal(one.json.status, "succeeded", one.text);
  assert.equal(await oidc.tokenRequests(), 1);
  assert.match(seen.at(-1) ?? "", /^Bearer .{20}/);
  assert.equal((await call("POST", `/api/v1/connections/${made.id}/test`)).json.ok, true);

  refused.add(seen.at(-1) ?? "");
  await run();
  assert.equal((await run()).json.status, "succeeded");
  assert.equal(await oidc.tokenRequests(), 2);
});

test("a wrong client is refused with what to do, and without its secret", async () => {
  const values = { ...base, clientId: "machine", clientSecret: "wrong-secret-0987654321" };
  await make({ name: "Wrong", type: "oauth2.clientCredentials", values, hosts: [api] });
  const failed = await (await workflowWith("Wrong"))();
  assert.equal(failed.json.status, "failed");
  const { json } = await call("GET", `/api/v1/executions/${failed.json.id}`);
  assert.equal(json.failure.code, "OAUTH_REFUSED");
  assert.match(json.failure.message, /invalid_client/);
  assert.ok(!JSON.stringify(json).includes("wrong-secret"));
});

test("a person allows the access once; it is renewed with rotating tokens; when it ends, that is said", async () => {
  const values = {
    ...base,
    authorizeUrl: `${oidc.issuer}/auth`,
    clientId: "person",
    clientSecret: "person-secret-1234567890",
    scope: "openid offline_access",
    parameters: { prompt: "consent" },
  };
  const made = await make({ name: "Person", type: "oauth2.code", values, hosts: [api] });
  const path = `/api/v1/connections/${made.id}`;
  assert.equal(made.health, "reconnect");
  const run = await workflowWith("Person");
  assert.equal((await run()).json.status, "failed");

  const allow = async () => {
    const { json } = await call("POST", `${path}/authorize`);
    const given = await allowAs("ada", json.url, redirectUri);
    return { code: given.get("code") ?? "", state: given.get("state") ?? "" };
  };
  const { code, state } = await allow();
  const finish = (body: object, headers?: Record<string, string>) =>
    call("POST", "/api/v1/connections/authorized", body, headers);
  assert.equal((await finish({ code, state: `${state}x` })).json.code, "AUTHORIZATION_STATE");
  const other = await call("POST", "/api/v1/api-keys", { name: "other", role: "admin" });
  const stolen = await finish({ code, state }, { authorization: `Bearer ${other.json.key}` });
  assert.equal(stolen.json.code, "AUTHORIZATION_STATE");
  assert.notEqual((await finish({ code, state })).json.health, "reconnect");
  const again = await finish({ code, state });
  assert.deepEqual([again.status, again.json.code], [422, "OAUTH_REFUSED"]);

  // A code that is used twice ends the grant at this server, as it should; so the person allows it once more.
  assert.equal((await finish(await allow())).status, 200);
  for (let turn = 0; turn < 3; turn++) {
    const before = await oidc.tokenRequests();
    const runs = await Promise.all([run(), run(), run()]);
    for (const one of runs) assert.equal(one.json.status, "succeeded", one.text);
    assert.ok((await oidc.tokenRequests()) > before, "renewed");
  }
  await server.restart();
  assert.equal((await run()).json.status, "succeeded", "tokens survive a restart");

  await oidc.refuse();
  const ended = await run();
  assert.equal(ended.json.status, "failed");
  const { json } = await call("GET", `/api/v1/executions/${ended.json.id}`);
  assert.equal(json.failure.code, "CONNECTION_RECONNECT");
  assert.equal((await call("GET", path)).json.health, "reconnect");
});
