// What is believed of an identity provider: tokens that it signed, for us, now; its own discovery document; nothing that
// chooses its own algorithm, and nothing that lies behind the wall.
import assert from "node:assert/strict";
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { HttpClient } from "@auraos/nodes";
import { createOperatorReach } from "../outbound/operatorReach.ts";
import { checkIdToken, createOidcProvider, type Jwk } from "./oidcProvider.ts";

const nowMs = 1_800_000_000_000;
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const strangers = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid: "k1", use: "sig" } as Jwk;
const expected = { issuer: "https://id.example", clientId: "auraos", nowMs };
const claims = {
  iss: "https://id.example",
  aud: "auraos",
  sub: "ann-1",
  exp: nowMs / 1000 + 60,
  email: "ann@example.com",
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(change: object = {}, head: object = {}, key = pair.privateKey): string {
  const text = `${part({ alg: "RS256", kid: "k1", ...head })}.${part({ ...claims, ...change })}`;
  return `${text}.${createSign("sha256").update(text).sign(key).toString("base64url")}`;
}

test("a token of the provider for us is believed", () => {
  assert.equal(checkIdToken(token(), [jwk], expected).sub, "ann-1");
  assert.equal(checkIdToken(token({ aud: ["auraos"] }), [jwk], expected).sub, "ann-1");
});

test("stripped, foreign, mixed up or old tokens are not", () => {
  const [head = "", body = "", signature = ""] = token().split(".");
  const publicPem = pair.publicKey.export({ type: "spki", format: "pem" });
  const hs256 = `${part({ alg: "HS256", kid: "k1" })}.${body}`;
  const wrong: [what: string, token: string][] = [
    ["no signature", `${head}.${body}.`],
    ["two parts", `${head}.${body}`],
    ["four parts", `${head}.${body}.${signature}.x`],
    ["alg none", `${part({ alg: "none" })}.${body}.`],
    ["alg None", `${part({ alg: "None" })}.${body}.${signature}`],
    [
      "the public key as a shared secret",
      `${hs256}.${createHmac("sha256", publicPem).update(hs256).digest("base64url")}`,
    ],
    ["an algorithm from Object", token({}, { alg: "constructor" })],
    ["another key", token({}, {}, strangers.privateKey)],
    ["another kid", token({}, { kid: "k2" })],
    ["changed claims", `${head}.${part({ ...claims, email: "eve@example.com" })}.${signature}`],
    ["another issuer", token({ iss: "https://evil.example" })],
    ["another client", token({ aud: "other" })],
    ["several audiences without ours as the party", token({ aud: ["auraos", "other"] })],
    ["over", token({ exp: nowMs / 1000 - 120 })],
    ["without an end", token({ exp: undefined })],
    ["about nobody", token({ sub: "" })],
    ["no token", ""],
  ];
  for (const [what, one] of wrong)
    assert.throws(() => checkIdToken(one, [jwk], expected), /^Error: The ID token is/, what);
  assert.throws(() => checkIdToken(token(), [{ ...jwk, use: "enc" }], expected), /not signed/);
  assert.throws(() => checkIdToken(token(), [], expected), /not signed/);
});

const provider = {
  id: "oidc",
  name: "ID",
  issuer: "https://id.example",
  clientId: "auraos",
  clientSecret: "s",
};

test("a discovery document of somebody else, or without addresses, is refused", async () => {
  const answering = (document: object): HttpClient => ({
    request: async ({ url }) => ({
      status: 200,
      headers: {},
      url,
      body: Buffer.from(JSON.stringify(document)),
    }),
  });
  const good = {
    issuer: "https://id.example",
    authorization_endpoint: "https://id.example/authorize",
    token_endpoint: "https://id.example/token",
    jwks_uri: "https://id.example/jwks",
  };
  const ask = (document: object) =>
    createOidcProvider({ provider, http: answering(document), nowMs: () => nowMs }).authorizationUrl(
      "https://provider.invalid/authorize?state=s&code_challenge=c",
    );
  assert.equal(await ask(good), "https://id.example/authorize?state=s&code_challenge=c");
  await assert.rejects(ask({ ...good, issuer: "https://evil.example" }), /that of https:\/\/evil.example/);
  await assert.rejects(ask({ ...good, token_endpoint: "file:///etc/passwd" }), /no token_endpoint/);
  await assert.rejects(ask({ ...good, jwks_uri: undefined }), /no jwks_uri/);
});

test("mail server and provider of the settings are reached through the wall: they, and nothing else that is private", async () => {
  const reach = createOperatorReach({
    allowHosts: [],
    smtp: { host: "127.0.0.1", port: 2525, encryption: "none", from: "a@example.com" },
    oidc: { ...provider, issuer: "http://127.0.0.1:8080" },
  });
  const { signal } = new AbortController();
  assert.equal(await reach.addressOf("127.0.0.1", 2525), "127.0.0.1");
  for (const [host, port] of [
    ["127.0.0.1", 25],
    ["10.0.0.1", 2525],
    ["169.254.169.254", 80],
    ["localhost", 22],
  ] as const)
    await assert.rejects(reach.addressOf(host, port), /private, local or reserved/);
  await assert.rejects(
    reach.http.request({ method: "GET", url: "http://127.0.0.1:8081/" }, signal),
    /private, local or reserved/,
  );
  await assert.rejects(
    reach.http.request({ method: "GET", url: "http://169.254.169.254/latest" }, signal),
    /private, local or reserved/,
  );
  // Allowed, and nobody is there.
  await assert.rejects(
    reach.http.request({ method: "GET", url: "http://127.0.0.1:8080/" }, signal),
    (error: Error) => {
      assert.ok(!/private, local or reserved/.test(error.message), error.message);
      return true;
    },
  );
  await reach.close();
});
