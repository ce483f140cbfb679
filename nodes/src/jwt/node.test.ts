import assert from "node:assert/strict";
import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  verify as verifySignature,
} from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { failureOf, firstOf, jsonOf, runNode } from "../testing.ts";
import { jwtNode } from "./node.ts";

const secret = "a-secret-that-both-sides-know-and-nobody-else";
const now = 1_767_225_600;
const run = (config: JsonObject) => runNode(jwtNode, { config });
const sign = async (config: JsonObject = {}) =>
  String(firstOf(await run({ operation: "sign", key: secret, claims: { role: "admin" }, ...config })).token);
const verify = async (token: string, config: JsonObject = {}) =>
  firstOf(await run({ operation: "verify", token, key: secret, ...config })).claims;
const pemOf = ({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) => ({
  publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
});
const rsa = pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 }));
const ec = pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }));

const jwks = {
  keys: [
    { ...createPublicKey(rsa.publicKey).export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" },
  ],
};
const server = createServer((request, response) => {
  response.end(request.url === "/keys" ? JSON.stringify(jwks) : "no keys");
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => server.close());
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe("signing", () => {
  it("makes tokens that other tools accept", async () => {
    const [header = "", claims = "", signature = ""] = (
      await sign({ issuer: "me", audience: ["a", "b"], subject: "s", keyId: "k", expiresInSeconds: 60 })
    ).split(".");
    const part = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString());
    assert.deepEqual(part(header), { alg: "HS256", typ: "JWT", kid: "k" });
    assert.deepEqual(part(claims), {
      role: "admin",
      iat: now,
      exp: now + 60,
      iss: "me",
      aud: ["a", "b"],
      sub: "s",
    });
    assert.equal(signature, createHmac("sha256", secret).update(`${header}.${claims}`).digest("base64url"));
    const [h, c, s = ""] = (await sign({ algorithms: ["ES256"], key: ec.privateKey })).split(".");
    const key = { key: ec.publicKey, dsaEncoding: "ieee-p1363" } as const;
    assert.ok(verifySignature("sha256", Buffer.from(`${h}.${c}`), key, Buffer.from(s, "base64url")));
  });

  it("shows no key when it is of the wrong kind", async () => {
    const failure = await failureOf(() => sign({ algorithms: ["RS256"], key: "hidden-text" }));
    assert.equal(failure.field, "key");
    assert.ok(!JSON.stringify(failure).includes("hidden-text"));
  });
});

describe("checking", () => {
  it("gives the claims of a token that is valid", async () => {
    assert.deepEqual(await verify(`Bearer ${await sign()}`), { role: "admin", iat: now });
    const token = await sign({
      algorithms: ["RS256"],
      key: rsa.privateKey,
      keyId: "k1",
      issuer: "me",
      audience: "you",
    });
    const claims = { role: "admin", iat: now, iss: "me", aud: "you" };
    assert.deepEqual(
      await verify(token, { algorithms: ["RS256"], key: rsa.publicKey, issuer: "me", audience: "you" }),
      claims,
    );
    const published = { operation: "verify", token, algorithms: ["RS256", "ES256"], keysUrl: `${base}/keys` };
    assert.deepEqual(firstOf(await run(published)).claims, claims);
  });

  it("says why a token is not valid", async () => {
    const code = async (token: string, config: JsonObject = {}) =>
      (await failureOf(() => verify(token, config))).code;
    const token = await sign({ issuer: "me" });
    assert.equal(await code(token, { key: `${secret}!` }), "JWT_SIGNATURE");
    assert.equal(await code(token, { issuer: "other" }), "JWT_CLAIM");
    assert.equal(await code(token, { audience: "x" }), "JWT_CLAIM");
    assert.equal(await code(token, { algorithms: ["HS512"] }), "JWT_ALGORITHM");
    assert.equal(await code("no token"), "JWT_MALFORMED");
    const old = await runNode(
      jwtNode,
      { config: { operation: "sign", key: secret, expiresInSeconds: 10 } },
      {},
      { nowMs: (now - 60) * 1000 },
    );
    assert.equal(await code(String(firstOf(old).token)), "JWT_EXPIRED");
  });

  it("is not fooled by what the token says of itself", async () => {
    const part = (data: object) => Buffer.from(JSON.stringify(data)).toString("base64url");
    const unsigned = `${part({ alg: "none" })}.${part({ role: "admin" })}.`;
    assert.match((await failureOf(() => verify(unsigned))).code, /JWT_(ALGORITHM|MALFORMED)/);
    // The public key, which everybody knows, as a shared secret.
    const head = `${part({ alg: "HS256" })}.${part({ role: "admin" })}`;
    const forged = `${head}.${createHmac("sha256", rsa.publicKey).update(head).digest("base64url")}`;
    assert.equal(
      (await failureOf(() => verify(forged, { algorithms: ["RS256"], key: rsa.publicKey }))).code,
      "JWT_ALGORITHM",
    );
    assert.equal(
      jwtNode.checkConfig?.({ operation: "verify", token: "t", key: "k", algorithms: ["HS256", "RS256"] })[0]
        ?.field,
      "algorithms",
    );
    assert.equal(
      (await failureOf(() => verify(forged, { algorithms: ["HS256", "RS256"], key: rsa.publicKey }))).field,
      "algorithms",
    );
  });

  it("gives invalid ones at their own port", async () => {
    const outputs = jsonOf(await run({ operation: "verify", token: "x", key: secret, whenInvalid: "port" }));
    assert.deepEqual(outputs, {
      invalid: [
        { claims: { code: "JWT_MALFORMED", message: "The token is not valid: it is no signed JWT." } },
      ],
    });
    const other = await sign({ algorithms: ["ES256"], key: ec.privateKey, keyId: "k9" });
    const unknown = { operation: "verify", token: other, algorithms: ["ES256"], keysUrl: `${base}/keys` };
    assert.equal((await failureOf(() => run(unknown))).code, "JWT_KEY_UNKNOWN");
    assert.equal(
      (await failureOf(() => run({ ...unknown, keysUrl: `${base}/other` }))).code,
      "DATA_MALFORMED",
    );
  });
});

it("looks into a token without checking it", async () => {
  const outputs = await run({ operation: "decode", token: await sign(), into: "t" });
  assert.deepEqual(firstOf(outputs).t, {
    header: { alg: "HS256", typ: "JWT" },
    claims: { role: "admin", iat: now },
  });
  assert.equal((await failureOf(() => run({ operation: "decode", token: "x.y" }))).code, "DATA_MALFORMED");
});
