// Sign-in with an identity provider, against a real one: known people get in by their confirmed address, strangers do not,
// and what comes back without our state is refused.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, test } from "node:test";
import { browserOf } from "../testing/browserOf.ts";
import { setUpOwner } from "../testing/people.ts";
import { runningServer } from "../testing/runningServer.ts";
import { allowAs, startOidc } from "../testing/startOidc.ts";

const port = await freePort();
const redirectUri = `http://127.0.0.1:${port}/api/v1/auth/callback/oidc`;
const oidc = await startOidc(
  { after },
  {
    clients: [
      {
        client_id: "auraos",
        client_secret: "auraos-secret-1234567890",
        grant_types: ["authorization_code", "refresh_token"],
        redirect_uris: [redirectUri],
        response_types: ["code"],
      },
    ],
    scopes: ["openid", "email", "profile", "offline_access"],
  },
);
const server = await runningServer(
  { after },
  {
    PORT: String(port),
    AURAOS_OIDC_ISSUER: oidc.issuer,
    AURAOS_OIDC_CLIENT_ID: "auraos",
    AURAOS_OIDC_CLIENT_SECRET: "auraos-secret-1234567890",
    AURAOS_OIDC_NAME: "Heron ID",
    AURAOS_SIGN_INS_PER_MINUTE: "1000",
  },
);
await setUpOwner(server);

async function comeBackAs(login: string) {
  const browser = browserOf(server);
  const begun = await browser.call("POST", "/api/v1/auth/sign-in/provider", {
    provider: "oidc",
    to: "/members",
  });
  assert.equal(begun.status, 200, begun.text);
  const { url } = begun.json;
  assert.ok(url.startsWith(oidc.issuer), url);
  assert.match(url, /code_challenge_method=S256/);
  const parameters = await allowAs(login, url, redirectUri);
  return { browser, back: `/api/v1/auth/callback/oidc?${parameters}` };
}

test("the sign-in page offers it by its name", async () => {
  const { json } = await browserOf(server).call("GET", "/api/v1/auth/options");
  assert.deepEqual(json.providers, [{ id: "oidc", name: "Heron ID" }]);
});

test("who has an account here gets in by it, and back to where they wanted to go", async () => {
  const { browser, back } = await comeBackAs("ann");
  const answer = await browser.call("GET", back);
  assert.deepEqual([answer.status, answer.headers.get("location")], [302, "/members"], answer.text);
  const { json: me } = await browser.call("GET", "/api/v1/account");
  assert.deepEqual([me.user.email, me.organization.role], ["ann@example.com", "owner"]);
  const { json: sessions } = await browser.call("GET", "/api/v1/account/sessions");
  assert.equal(sessions.items.find((one: { current: boolean }) => one.current).method, "oidc");
  // The same answer of the provider opens nothing twice.
  const replay = await browserOf(server).call("GET", back);
  assert.equal(replay.headers.get("location")?.startsWith("/sign-in"), true);
  assert.deepEqual(
    replay.headers.getSetCookie().filter((line) => /auraos\.session=[^;]/.test(line)),
    [],
  );
});

test("a stranger whom the provider vouches for is not let in", async () => {
  const { browser, back } = await comeBackAs("mallory");
  const answer = await browser.call("GET", back);
  assert.deepEqual([answer.status, answer.headers.get("location")], [302, "/sign-in?refused=provider"]);
  assert.equal((await browser.call("GET", "/api/v1/account")).status, 401);
});

test("another browser cannot use what a first one began, and no address leads away from here", async () => {
  const { back } = await comeBackAs("ann");
  const other = browserOf(server);
  const answer = await other.call("GET", back);
  assert.equal(answer.headers.get("location")?.startsWith("/sign-in"), true, answer.text);
  assert.equal((await other.call("GET", "/api/v1/account")).status, 401);
  for (const to of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
    const browser = browserOf(server);
    const { json } = await browser.call("POST", "/api/v1/auth/sign-in/provider", { provider: "oidc", to });
    const parameters = await allowAs("ann", json.url, redirectUri);
    const { headers } = await browser.call("GET", `/api/v1/auth/callback/oidc?${parameters}`);
    assert.equal(headers.get("location"), "/", to);
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port: found } = probe.address() as { port: number };
      probe.close(() => resolve(found));
    });
  });
}
