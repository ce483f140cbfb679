// Signed tokens (JWT): made, checked, looked into. Which algorithms count is a setting, never the token's own word.
import {
  type ConfigProblem,
  type Item,
  type Json,
  type JsonObject,
  type Outputs,
  portsFrom,
} from "@auraos/kernel";
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  importJWK,
  importPKCS8,
  importSPKI,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";
import { type ActivityCall, type ActivityContext, ActivityError, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { withField } from "../fieldValues.ts";
import { networkFailure, statusFailure } from "../http/failure.ts";
import { malformedText } from "../malformed.ts";
import { readConfig, wrongParameter } from "../readConfig.ts";
import { anyValue, pathField, z } from "../schema.ts";

const algorithms = [
  "HS256",
  "HS384",
  "HS512",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "ES256",
  "ES384",
  "EdDSA",
] as const;

const schema = z.strictObject({
  operation: z
    .enum(["sign", "verify", "decode"])
    .describe("Make a token; check one; or read one without checking it, which proves nothing."),
  token: z.string().optional().describe("Verify and decode: the token. A leading Bearer is left out."),
  claims: z
    .record(z.string(), anyValue())
    .optional()
    .describe("Sign: what the token says, besides the fields below."),
  algorithms: z
    .array(z.enum(algorithms))
    .min(1)
    .default(["HS256"])
    .describe(
      "Sign: the first one. Verify: those that count; HS ones use a shared secret and cannot be mixed with others.",
    ),
  key: z
    .string()
    .min(1)
    .optional()
    .describe(
      "HS: the shared secret. Else: private key (sign) or public key (verify) as PEM, or a JWK as JSON.",
    ),
  keysUrl: z.string().optional().describe("Verify: address of the public keys (JWKS) instead of a key."),
  keyId: z.string().optional().describe("Sign: kid in the header of the token."),
  expiresInSeconds: z
    .number()
    .positive()
    .optional()
    .describe("Sign: how long the token is valid. Default: without end."),
  issuer: z.string().optional().describe("Sign: iss. Verify: what iss must be."),
  audience: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe("Sign: aud. Verify: what aud must name."),
  subject: z.string().optional().describe("Sign: sub. Verify: what sub must be."),
  toleranceSeconds: z.number().min(0).max(600).default(5).describe("Verify: how far clocks may differ."),
  whenInvalid: z
    .enum(["fail", "port"])
    .default("fail")
    .describe("Verify: stop at a token that is not valid, or give the item at the port invalid."),
  into: pathField("Field for the result. Default: token when signing, else claims.").optional(),
});
type Config = z.output<typeof schema>;

export const jwtNode = defineNode({
  type: "jwt",
  version: 1,
  name: "JWT",
  description:
    "Signs JSON Web Tokens and checks them: signature, times, issuer and audience, with a key or the published keys of a service.",
  icon: "badge-check",
  category: "action",
  effect: "read",
  per: "item",
  ports: portsFrom([{ port: "main" }, { port: "invalid", when: { whenInvalid: ["port"] } }]),
  errors: nodeErrors(
    [
      "DATA_MALFORMED",
      "HTTP_<status>",
      "JWT_EXPIRED",
      "JWT_SIGNATURE",
      "JWT_ALGORITHM",
      "JWT_KEY_UNKNOWN",
      "JWT_MALFORMED",
      "JWT_CLAIM",
    ],
    "outbound",
  ),
  schema,
  example: {
    operation: "verify",
    token: "{{ $json.headers.authorization }}",
    algorithms: ["RS256"],
    keysUrl: "https://login.example.com/keys.json",
    issuer: "https://login.example.com/",
    audience: "orders",
  },
  checkConfig: checkKeys,
  run,
});

function checkKeys(config: JsonObject): ConfigProblem[] {
  const missing = (field: string, message: string) => ({ field, code: "FIELD_MISSING", message });
  if (config.operation !== "sign" && config.token === undefined)
    return [missing("token", "There is no token to look at.")];
  if (config.operation === "sign" && config.key === undefined)
    return [missing("key", "Signing needs a key.")];
  if (config.operation === "verify" && (config.key === undefined) === (config.keysUrl === undefined))
    return [missing("key", 'Checking needs either "key" or "keysUrl".')];
  const names = Array.isArray(config.algorithms) ? config.algorithms.map(String) : [];
  const shared = names.filter((name) => name.startsWith("HS")).length;
  if (shared > 0 && (shared < names.length || config.keysUrl !== undefined))
    return [
      {
        field: "algorithms",
        code: "JWT_ALGORITHMS",
        message: "A public key must never serve as a shared secret: HS algorithms stand alone, with a key.",
      },
    ];
  return [];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const [problem] = checkKeys(call.config);
  if (problem) throw wrongParameter(problem.field, `is not right: ${problem.message}`);
  const item = call.items[0] as Item;
  if (config.operation === "sign") {
    return { main: { items: [withField(item, config.into ?? "token", await sign(config, call.nowMs))] } };
  }
  const token = (config.token ?? "").trim().replace(/^Bearer\s+/i, "");
  const into = config.into ?? "claims";
  if (config.operation === "decode") return { main: { items: [withField(item, into, decode(token))] } };
  try {
    return { main: { items: [withField(item, into, await verify(token, config, call.nowMs, context))] } };
  } catch (error) {
    const failure = notValid(error);
    if (!failure) throw error;
    if (config.whenInvalid === "fail") throw failure;
    const { code, message } = failure.failure;
    return { invalid: { items: [withField(item, into, { code, message })] } };
  }
}

async function sign(config: Config, nowMs: number): Promise<string> {
  const [algorithm = "HS256"] = config.algorithms;
  const now = Math.floor(nowMs / 1000);
  const token = new SignJWT({ ...config.claims } as JWTPayload).setIssuedAt(now);
  token.setProtectedHeader({
    alg: algorithm,
    typ: "JWT",
    ...(config.keyId === undefined ? {} : { kid: config.keyId }),
  });
  if (config.expiresInSeconds !== undefined)
    token.setExpirationTime(now + Math.floor(config.expiresInSeconds));
  if (config.issuer !== undefined) token.setIssuer(config.issuer);
  if (config.audience !== undefined) token.setAudience(config.audience);
  if (config.subject !== undefined) token.setSubject(config.subject);
  const key = await keyOf(config.key ?? "", algorithm, true);
  try {
    return await token.sign(key);
  } catch (error) {
    throw wrongKey(error);
  }
}

async function verify(token: string, config: Config, nowMs: number, context: ActivityContext): Promise<Json> {
  const checks = {
    algorithms: [...config.algorithms],
    currentDate: new Date(nowMs),
    clockTolerance: config.toleranceSeconds,
    ...(config.issuer === undefined ? {} : { issuer: config.issuer }),
    ...(config.audience === undefined ? {} : { audience: config.audience }),
    ...(config.subject === undefined ? {} : { subject: config.subject }),
  };
  if (config.keysUrl !== undefined) {
    const { payload } = await jwtVerify(
      token,
      createLocalJWKSet(await fetchKeys(config.keysUrl, nowMs, context)),
      checks,
    );
    return payload as Json;
  }
  const [algorithm = "HS256"] = config.algorithms;
  const { payload } = await jwtVerify(token, await keyOf(config.key ?? "", algorithm, false), checks);
  return payload as Json;
}

async function fetchKeys(url: string, nowMs: number, context: ActivityContext): Promise<JSONWebKeySet> {
  let response: Awaited<ReturnType<ActivityContext["http"]["request"]>>;
  try {
    const request = {
      method: "GET",
      url,
      headers: { accept: "application/json" },
      responseBytesMax: 1_000_000,
      timeoutMs: 15_000,
    };
    response = await context.http.request(request, context.signal);
  } catch (error) {
    throw networkFailure(error, context.signal);
  }
  if (response.status >= 400) throw statusFailure(response, nowMs);
  try {
    const keys = JSON.parse(new TextDecoder().decode(response.body)) as JSONWebKeySet;
    if (Array.isArray(keys.keys)) return keys;
  } catch {
    // Told below.
  }
  throw malformedText(`What ${url} gives is no set of keys (JWKS).`);
}

type Key = Uint8Array | Awaited<ReturnType<typeof importSPKI>>;

async function keyOf(text: string, algorithm: string, isPrivate: boolean): Promise<Key> {
  if (algorithm.startsWith("HS")) return new TextEncoder().encode(text);
  try {
    if (text.trimStart().startsWith("{")) return await importJWK(JSON.parse(text), algorithm);
    return isPrivate ? await importPKCS8(text, algorithm) : await importSPKI(text, algorithm);
  } catch (error) {
    throw wrongKey(error);
  }
}

/** The words of the library about a key, without the key. */
function wrongKey(error: unknown): ActivityError {
  const reason = error instanceof Error ? error.message.slice(0, 200) : "";
  return wrongParameter(
    "key",
    `is no key for the algorithm (${reason}).`,
    "Private keys are PKCS #8 (BEGIN PRIVATE KEY), public ones SPKI (BEGIN PUBLIC KEY), or a JWK as JSON.",
  );
}

function decode(token: string): JsonObject {
  try {
    return { header: decodeProtectedHeader(token) as JsonObject, claims: decodeJwt(token) as JsonObject };
  } catch {
    throw malformedText("The text is no JWT.", "A JWT has three parts, separated by dots.");
  }
}

const reasons: Record<string, { code: string; text: string }> = {
  ERR_JWT_EXPIRED: { code: "JWT_EXPIRED", text: "it has expired" },
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: { code: "JWT_SIGNATURE", text: "its signature is not of this key" },
  ERR_JOSE_ALG_NOT_ALLOWED: { code: "JWT_ALGORITHM", text: "it is signed in a way that does not count here" },
  ERR_JWKS_NO_MATCHING_KEY: {
    code: "JWT_KEY_UNKNOWN",
    text: "it is signed with a key that is not published",
  },
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: {
    code: "JWT_KEY_UNKNOWN",
    text: "it does not say which key it is signed with",
  },
};

function notValid(error: unknown): ActivityError | undefined {
  if (!(error instanceof errors.JOSEError)) return undefined;
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : undefined;
  const known =
    reasons[error.code] ??
    (claim === undefined
      ? { code: "JWT_MALFORMED", text: "it is no signed JWT" }
      : { code: "JWT_CLAIM", text: `its "${claim}" is not what it must be` });
  return new ActivityError({
    code: known.code,
    class: "auth",
    message: `The token is not valid: ${known.text}.`,
    retryable: false,
    certainty: "notDone",
  });
}
