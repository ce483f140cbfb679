import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import type { HookAuth } from "./hookOptions.ts";
import { verifyCaller } from "./verifyCaller.ts";

const refused = { code: "WEBHOOK_NOT_SIGNED" };
const ask = (auth: HookAuth, headers: Record<string, string>, body: string, nowMs = 1_614_265_330_000) =>
  verifyCaller(auth, { headers, bytes: Buffer.from(body), nowMs });

test("Standard Webhooks: their own example, and what is not it", () => {
  const auth: HookAuth = { auth: "standard", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
  const headers = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v2,none v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  const body = '{"test": 2432232314}';
  assert.deepEqual(ask(auth, headers, body), { callId: "msg_p5jXN8AQM9LWM0D4loKWxJek" });
  assert.throws(() => ask(auth, headers, '{"test": 2432232315}'), refused);
  assert.throws(() => ask(auth, { ...headers, "webhook-id": "other" }, body), refused);
  assert.throws(() => ask(auth, headers, body, 1_614_265_330_000 + 301_000), refused);
  assert.throws(() => ask(auth, headers, body, 1_614_265_330_000 - 301_000), refused);
  assert.throws(() => ask(auth, { ...headers, "webhook-timestamp": "" }, body), refused);
  assert.throws(() => ask({ ...auth, secret: "" }, headers, body), refused);
});

test("GitHub and Slack: the examples of their documentation", () => {
  const github: HookAuth = { auth: "github", secret: "It's a Secret to Everybody" };
  const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  assert.equal(ask(github, { "x-hub-signature-256": signature }, "Hello, World!").callId, signature);
  assert.throws(() => ask(github, { "x-hub-signature-256": signature }, "Hello, World?"), refused);
  assert.throws(() => ask(github, {}, "Hello, World!"), refused);
  const slack: HookAuth = { auth: "slack", secret: "8f742231b10e8888abcd99yyyzzz85a5" };
  const body =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V" +
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=" +
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
    "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  const headers = {
    "x-slack-request-timestamp": "1531420618",
    "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
  };
  assert.ok(ask(slack, headers, body, 1_531_420_618_000).callId);
  assert.throws(() => ask(slack, headers, body, 1_531_420_618_000 + 600_000), refused);
});

test("Stripe: one of several signatures fits, and the event's id names the call", () => {
  const auth: HookAuth = { auth: "stripe", secret: "whsec_test" };
  const body = '{"id":"evt_1","type":"charge.succeeded"}';
  const v1 = createHmac("sha256", "whsec_test").update(`1614265330.${body}`).digest("hex");
  const headers = { "stripe-signature": `t=1614265330,v1=${"0".repeat(64)},v1=${v1}` };
  assert.deepEqual(ask(auth, headers, body), { callId: "evt_1" });
  assert.throws(() => ask(auth, { "stripe-signature": `t=1614265331,v1=${v1}` }, body), refused);
});

test("password and secret header", () => {
  const basic: HookAuth = { auth: "basic", user: "ada", secret: "p:w" };
  const encoded = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  assert.deepEqual(ask(basic, encoded("ada:p:w"), ""), {});
  assert.throws(() => ask(basic, encoded("ada:p"), ""), refused);
  assert.throws(() => ask(basic, {}, ""), refused);
  const header: HookAuth = { auth: "header", headerName: "X-Api-Key", secret: "s3" };
  assert.deepEqual(ask(header, { "x-api-key": "s3" }, ""), {});
  assert.throws(() => ask(header, { "x-api-key": "s4" }, ""), refused);
});

test("a token: the algorithm is the setting's, the claims are held", () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const make = (alg: string, claims: object, seal: (text: string) => string) => {
    const text = `${part({ alg })}.${part(claims)}`;
    return { authorization: `Bearer ${text}.${seal(text)}` };
  };
  const shared = (text: string) => createHmac("sha256", "key").update(text).digest("base64url");
  const now = 1_614_265_330;
  const auth: HookAuth = { auth: "jwt", secret: "key", issuer: "shop", audience: "us" };
  const claims = { iss: "shop", aud: ["us", "them"], exp: now + 60 };
  assert.deepEqual(ask(auth, make("HS256", claims, shared), ""), {});
  for (const wrong of [
    { exp: now - 60 },
    { iss: "other" },
    { aud: "them" },
    { nbf: now + 60 },
    { exp: "never" },
  ])
    assert.throws(() => ask(auth, make("HS256", { ...claims, ...wrong }, shared), ""), refused);
  assert.throws(
    () =>
      ask(
        auth,
        make("none", claims, () => ""),
        "",
      ),
    refused,
  );
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const curve = (text: string) =>
    sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
  const es: HookAuth = { auth: "jwt", algorithm: "ES256", publicKey: pem };
  assert.deepEqual(ask(es, make("ES256", claims, curve), ""), {});
  assert.throws(
    () =>
      ask(
        es,
        make("HS256", claims, (text) => createHmac("sha256", pem).update(text).digest("base64url")),
        "",
      ),
    refused,
  );
  assert.throws(() => ask({ ...es, publicKey: "" }, make("ES256", claims, curve), ""), refused);
});
