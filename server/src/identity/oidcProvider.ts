// The identity provider of the settings, spoken to through the guarded way out: discovery, the code for tokens, and who
// they are about. The ID token is believed only with a signature of the provider's published keys, of an algorithm from
// the list below (the token's own word chooses none that is not there), for us, from them, and not over.
import { createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import { isObject } from "@auraos/kernel";
import type { HttpClient } from "@auraos/nodes";
import type { Oidc } from "../platform/settings.ts";

const DISCOVERY_MS = 600_000;
const WITHIN_MS = 15_000;
const SKEW_SECONDS = 60;

export type Tokens = { accessToken: string; idToken: string };
export type Profile = { id: string; email: string; emailVerified: boolean; name: string };

export type OidcProvider = {
  /** Where the browser is sent, with the parameters of `url`. */
  authorizationUrl(url: string): Promise<string>;
  redeem(given: { code: string; codeVerifier?: string; redirectUri: string }): Promise<Tokens>;
  profileOf(tokens: { idToken?: string; accessToken?: string }): Promise<Profile>;
};

type Discovered = {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  jwks_uri: string;
  userinfo_endpoint?: string;
  token_endpoint_auth_methods_supported?: string[];
};

export function createOidcProvider(options: {
  provider: Oidc;
  http: HttpClient;
  nowMs: () => number;
}): OidcProvider {
  const { provider, http, nowMs } = options;
  const issuer = provider.issuer.replace(/\/$/, "");
  let known: { found: Discovered; untilMs: number } | undefined;
  return { authorizationUrl, redeem, profileOf };

  async function authorizationUrl(url: string): Promise<string> {
    const { authorization_endpoint } = await discover();
    const to = new URL(authorization_endpoint);
    for (const [name, value] of new URL(url).searchParams) to.searchParams.set(name, value);
    return to.href;
  }

  async function redeem({ code, codeVerifier, redirectUri }: Parameters<OidcProvider["redeem"]>[0]) {
    const { token_endpoint, token_endpoint_auth_methods_supported: ways } = await discover();
    const { clientId, clientSecret } = provider;
    const isPost = ways?.includes("client_secret_basic") === false && ways.includes("client_secret_post");
    const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
    const answer = await askJson({
      method: "POST",
      url: token_endpoint,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      ...(isPost
        ? {}
        : { secretHeaders: { authorization: `Basic ${Buffer.from(pair).toString("base64")}` } }),
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        ...(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }),
        ...(isPost ? { client_id: clientId, client_secret: clientSecret } : {}),
      }).toString(),
    });
    const { access_token: accessToken, id_token: idToken } = answer;
    if (typeof accessToken !== "string" || typeof idToken !== "string")
      throw new Error("The identity provider gave no ID token.");
    return { accessToken, idToken };
  }

  async function profileOf({ idToken, accessToken }: { idToken?: string; accessToken?: string }) {
    const { issuer: saysIssuer, userinfo_endpoint } = await discover();
    const claims = checkIdToken(idToken ?? "", await keysOf(), {
      issuer: saysIssuer,
      clientId: provider.clientId,
      nowMs: nowMs(),
    });
    const more =
      typeof claims.email === "string" || userinfo_endpoint === undefined || accessToken === undefined
        ? {}
        : await askJson({
            method: "GET",
            url: userinfo_endpoint,
            secretHeaders: { authorization: `Bearer ${accessToken}` },
          });
    // Another person's data must not be mixed in.
    if (more.sub !== undefined && more.sub !== claims.sub)
      throw new Error("The profile is another person's.");
    const { sub, email, email_verified, name } = { ...more, ...claims };
    return {
      id: String(sub),
      email: typeof email === "string" ? email.toLowerCase() : "",
      emailVerified: email_verified === true,
      name: typeof name === "string" ? name : "",
    };
  }

  async function discover(): Promise<Discovered> {
    if (known && known.untilMs > nowMs()) return known.found;
    const found = await askJson({ method: "GET", url: `${issuer}/.well-known/openid-configuration` });
    // Keys and addresses of somebody else's document would let that somebody vouch for everybody.
    if (String(found.issuer).replace(/\/$/, "") !== issuer)
      throw new Error(`The discovery document is that of ${String(found.issuer)}.`);
    for (const name of ["authorization_endpoint", "token_endpoint", "jwks_uri"])
      if (!/^https?:$/.test(URL.parse(String(found[name]))?.protocol ?? ""))
        throw new Error(`The discovery document has no ${name}.`);
    known = { found: found as Discovered, untilMs: nowMs() + DISCOVERY_MS };
    return known.found;
  }

  async function keysOf(): Promise<Jwk[]> {
    const { keys } = await askJson({ method: "GET", url: (await discover()).jwks_uri });
    return Array.isArray(keys) ? (keys.filter(isObject) as Jwk[]) : [];
  }

  async function askJson(request: Parameters<HttpClient["request"]>[0]): Promise<Record<string, unknown>> {
    const signal = AbortSignal.timeout(WITHIN_MS);
    const response = await http.request({ redirectsMax: 0, timeoutMs: WITHIN_MS, ...request }, signal);
    const { host } = new URL(request.url);
    if (response.status !== 200) throw new Error(`${host} answered ${response.status}.`);
    const value: unknown = JSON.parse(Buffer.from(response.body).toString("utf8"));
    if (!isObject(value)) throw new Error(`${host} did not answer with an object.`);
    return value;
  }
}

export type Jwk = JsonWebKey & { kid?: string; use?: string; alg?: string };
type Claims = Record<string, unknown> & { sub: string };

type Algorithm = { kty: string; check(text: Buffer, key: KeyObject, signature: Buffer): boolean };

const rsa = (hash: string): Algorithm => ({
  kty: "RSA",
  check: (text, key, signature) => verify(hash, text, key, signature),
});
const curve = (hash: string): Algorithm => ({
  kty: "EC",
  check: (text, key, signature) => verify(hash, text, { key, dsaEncoding: "ieee-p1363" }, signature),
});

/** Signatures of a public key only: `none` and the shared-secret ones are not there to be chosen. */
const algorithms = new Map<unknown, Algorithm>([
  ["RS256", rsa("sha256")],
  ["RS384", rsa("sha384")],
  ["RS512", rsa("sha512")],
  ["ES256", curve("sha256")],
  ["ES384", curve("sha384")],
  ["EdDSA", { kty: "OKP", check: (text, key, signature) => verify(null, text, key, signature) }],
]);

/** Throws an Error that says what is wrong with it. */
export function checkIdToken(
  token: string,
  keys: readonly Jwk[],
  expected: { issuer: string; clientId: string; nowMs: number },
): Claims {
  const [head = "", body = "", signature = "", ...more] = token.split(".");
  const header = partOf(head);
  const claims = partOf(body);
  const algorithm = algorithms.get(header?.alg);
  if (more.length > 0 || header === undefined || claims === undefined || algorithm === undefined)
    throw new Error("The ID token is none, or is signed in a way that is not taken.");
  const isSigned = keys.some(
    (key) =>
      key.kty === algorithm.kty &&
      (key.use === undefined || key.use === "sig") &&
      (key.alg === undefined || key.alg === header.alg) &&
      (header.kid === undefined || key.kid === undefined || key.kid === header.kid) &&
      isSignedBy(key, algorithm, `${head}.${body}`, signature),
  );
  if (!isSigned) throw new Error("The ID token is not signed by the identity provider.");
  const now = expected.nowMs / 1000;
  const audience = [claims.aud].flat();
  if (claims.iss !== expected.issuer) throw new Error("The ID token is of another issuer.");
  if (!audience.includes(expected.clientId) || (audience.length > 1 && claims.azp !== expected.clientId))
    throw new Error("The ID token is meant for another client.");
  if (typeof claims.exp !== "number" || claims.exp < now - SKEW_SECONDS)
    throw new Error("The ID token is over.");
  if (typeof claims.sub !== "string" || claims.sub === "") throw new Error("The ID token is about nobody.");
  return claims as Claims;
}

function isSignedBy(key: Jwk, algorithm: Algorithm, text: string, signature: string): boolean {
  try {
    const publicKey = createPublicKey({ key, format: "jwk" });
    return algorithm.check(Buffer.from(text), publicKey, Buffer.from(signature, "base64url"));
  } catch {
    return false;
  }
}

function partOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
