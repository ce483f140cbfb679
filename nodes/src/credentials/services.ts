// Services with a protocol of their own. Each is bound to the host among its values.
import type { JsonObject } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import { tryMailServer } from "../email/send.ts";
import { poolFor } from "../postgres/pools.ts";
import { runStatement } from "../postgres/query.ts";
import type { Target } from "../postgres/target.ts";
import { send } from "../redis/clients.ts";
import type { Target as RedisTarget } from "../redis/target.ts";
import { z } from "../schema.ts";
import type { CredentialType } from "./defineCredential.ts";
import { useOf } from "./useOf.ts";

const host = (description: string) =>
  z
    .string()
    .min(1)
    .max(253)
    .regex(/^[^\s/@?#]+$/, "must be the name or address of a host, without a protocol.")
    .describe(description);
const port = z.int().min(1).max(65_535);

const postgresSchema = z.strictObject({
  host: host("Host of the database."),
  port: port.default(5432).describe("Port."),
  database: z.string().min(1).max(63).describe("Name of the database."),
  user: z.string().min(1).max(63).describe("User."),
  password: z.string().max(1000).describe("Password."),
  encryption: z
    .enum(["verify", "encrypt", "none"])
    .default("verify")
    .describe("verify: with a trusted certificate; encrypt: with any; none."),
  ca: z
    .string()
    .max(100_000)
    .optional()
    .describe("Certificate of the authority that signed that of the database (PEM)."),
});

export const postgresDatabase: CredentialType = {
  type: "postgres",
  name: "PostgreSQL",
  description: "A database and a user of it.",
  icon: "database",
  hosts: "own",
  secretFields: ["password"],
  schema: postgresSchema,
  async test({ values }, { addressOf, signal }) {
    const { target, ca } = postgresTarget(values);
    const address = await addressOf(target.host, target.port);
    const { rows } = await runStatement(
      poolFor(target, address, ca),
      {
        sql: "select current_setting('server_version') as version",
        parameters: [],
        isReadOnly: true,
        timeoutMs: 15_000,
        rowsMax: 1,
        cut: true,
      },
      signal,
    );
    return { what: "letIn", service: `PostgreSQL ${rows[0]?.version}`, user: target.user };
  },
};

export function postgresTarget(values: JsonObject): { target: Target; ca: string | undefined } {
  const { ca, ...target } = postgresSchema.parse(values);
  return { target, ca };
}

const mailSchema = z.strictObject({
  host: host("Mail server, such as smtp.example.com."),
  port: port.default(587).describe("Port: 587 (STARTTLS), 465 (TLS) or 25."),
  encryption: z
    .enum(["tls", "startTls", "none"])
    .optional()
    .describe("TLS from the start, or before signing in, or none. Default: tls on port 465, else startTls."),
  user: z.string().max(320).optional().describe("User name. Without one nobody signs in."),
  password: z.string().max(1000).optional().describe("Password, or the password of an app."),
});

export const mailServer: CredentialType = {
  type: "smtp",
  name: "Mail server",
  description: "A mail server that sends mails (SMTP).",
  icon: "mail",
  hosts: "own",
  secretFields: ["password"],
  schema: mailSchema,
  async test({ values }, { addressOf, signal }) {
    const target = mailTarget(values);
    const address = await addressOf(target.host, target.port);
    await tryMailServer({ ...target, address, timeoutSeconds: 15 }, signal);
    const { host, auth } = target;
    return auth ? { what: "letIn", service: host, user: auth.user } : { what: "answered", host };
  },
};

export type MailTarget = {
  host: string;
  port: number;
  encryption: "tls" | "startTls" | "none" | undefined;
  auth: { user: string; password: string } | undefined;
};

export function mailTarget(values: JsonObject): MailTarget {
  const { host, port, encryption, user, password = "" } = mailSchema.parse(values);
  return { host, port, encryption, auth: user === undefined ? undefined : { user, password } };
}

const redisSchema = z.strictObject({
  host: host("Host of the server."),
  port: port.default(6379).describe("Port."),
  database: z.int().min(0).max(99_999).default(0).describe("Number of the database."),
  user: z.string().min(1).max(200).optional().describe("User name, where the server has several."),
  password: z.string().min(1).max(1000).optional().describe("Password. Without one nobody signs in."),
  encryption: z
    .enum(["verify", "none"])
    .default("verify")
    .describe("verify: TLS with a trusted certificate; none."),
  ca: z
    .string()
    .max(100_000)
    .optional()
    .describe("Certificate of the authority that signed that of the server (PEM)."),
});

export const redisServer: CredentialType = {
  type: "redis",
  name: "Redis",
  description: "A Redis server and a user of it.",
  icon: "layers",
  hosts: "own",
  secretFields: ["password"],
  schema: redisSchema,
  async test({ values }, { addressOf, signal }) {
    const { target, ca } = redisTarget(values);
    const address = await addressOf(target.host, target.port);
    await send({ target, address, ca, command: ["PING"], timeoutSeconds: 15, signal });
    return { what: target.password === undefined ? "answered" : "tookPassword", host: target.host };
  },
};

export function redisTarget(values: JsonObject): { target: RedisTarget; ca: string | undefined } {
  const { ca, encryption, user, password, ...where } = redisSchema.parse(values);
  return { target: { ...where, user, password, isEncrypted: encryption === "verify" }, ca };
}

const webhookSchema = z.strictObject({
  secret: z
    .string()
    .min(1)
    .max(10_000)
    .describe("Password, value of the header, or secret of the signature, as the caller has it."),
  user: z.string().max(320).optional().describe("Name of the user, for callers that send user and password."),
});

/** The other way round: what callers of ours prove themselves by. It is sent nowhere. */
export const webhookCaller: CredentialType = {
  type: "webhook",
  name: "Webhook caller",
  description: "What the caller of a webhook proves itself by.",
  icon: "webhook",
  hosts: "own",
  secretFields: ["secret"],
  schema: webhookSchema,
};

const aiSchema = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://api.openai.com/v1")
    .describe("Address of OpenAI or of any server that speaks its chat completions; usually ends in /v1."),
  apiKey: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "has spaces, line breaks or unusual characters.")
    .describe("Key of the service."),
});

export const aiService: CredentialType = {
  type: "ai",
  name: "AI models",
  description: "OpenAI, or any server that speaks its chat completions.",
  icon: "sparkles",
  hosts: "own",
  secretFields: ["apiKey"],
  schema: aiSchema,
  async test({ values }, { http, signal }) {
    const { baseUrl, apiKey } = aiSchema.parse(values);
    const { status } = await http.request(
      {
        method: "GET",
        url: `${baseUrl.replace(/\/$/, "")}/models`,
        secretHeaders: { authorization: `Bearer ${apiKey}` },
        redirectsMax: 0,
        timeoutMs: 15_000,
      },
      signal,
    );
    const { host } = new URL(baseUrl);
    if (status < 400) return { what: "tookKey", host };
    throw new ActivityError({
      code: `HTTP_${status}`,
      class: status === 401 || status === 403 ? "auth" : "client",
      message: `${host} answered ${status}.`,
      remedy: status === 401 ? "The key is not accepted: copy it again." : "Check the address.",
      certainty: "notDone",
    });
  },
};

/** The host that a connection with `hosts: "own"` is good for. */
export function ownHostOf(type: string, values: JsonObject): { host: string; port: number } | undefined {
  if (type === "ai") {
    return useOf(aiSchema.parse(values).baseUrl);
  }
  const { host, port } = values;
  return typeof host === "string" && typeof port === "number" ? { host, port } : undefined;
}
