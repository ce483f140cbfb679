// Starts an execution from an HTTP request. The server receives the request; the kernel gives it as one item.
import { type ConfigProblem, isObject, type JsonObject } from "@auraos/kernel";
import { credentialField } from "../../credentials/credentialField.ts";
import { defineNode } from "../../defineNode.ts";
import { secondsField, z } from "../../schema.ts";
import { noTemplates } from "../plainFields.ts";

export const webhookTrigger = defineNode({
  type: "trigger.webhook",
  version: 1,
  name: "Webhook",
  description:
    "Starts the workflow when a request arrives at its address. Gives one item: body, query, headers, method and path.",
  icon: "webhook",
  category: "trigger",
  structure: "trigger",
  effect: "pure",
  per: "list",
  inputs: [],
  ports: ["main"],
  rawFields: ["credential"],
  credentials: ["webhook"],
  schema: z.strictObject({
    path: z
      .string()
      .regex(
        /^[A-Za-z0-9_~.-]+(\/[A-Za-z0-9_~.-]+)*$/,
        "must be words joined by slashes, such as orders/new.",
      )
      .describe("End of the address, such as orders/new."),
    methods: z
      .array(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]))
      .min(1)
      .default(["POST"])
      .describe("Methods that start the workflow."),
    respond: z
      .enum(["immediately", "whenDone"])
      .default("whenDone")
      .describe("Answer at once with the execution's id, or with what the workflow responds or ends with."),
    waitSeconds: secondsField(
      "How long the caller is kept waiting for the end; then it gets 202 and an address to ask.",
    ).optional(),
    authentication: z
      .strictObject({
        auth: z
          .enum(["none", "basic", "header", "jwt", "standard", "github", "stripe", "slack"])
          .describe(
            "How callers prove who they are: password, secret header, bearer token, or the signature of Standard Webhooks, GitHub, Stripe or Slack.",
          ),
        secret: z
          .string()
          .min(1)
          .optional()
          .describe("Belongs into a connection: see the field credential.")
          .meta({ format: "password", deprecated: true }),
        user: z.string().optional().describe("Basic: name of the user. Default: that of the connection."),
        headerName: z
          .string()
          .regex(/^[A-Za-z0-9-]+$/, "must be a name of a header.")
          .optional()
          .describe("Header: its name, such as x-api-key."),
        algorithm: z
          .enum(["HS256", "RS256", "ES256"])
          .optional()
          .describe("Token: HS256 with the secret, the others with a public key. Default: HS256."),
        publicKey: z.string().optional().describe("Token: public key as PEM."),
        issuer: z.string().optional().describe("Token: what iss must be."),
        audience: z.string().optional().describe("Token: what aud must name."),
        toleranceSeconds: z
          .number()
          .positive()
          .max(3600)
          .optional()
          .describe("Signatures: how old a call may be. Default: 300."),
      })
      .optional()
      .describe("Who may call. Default: everybody who knows the address."),
    credential: credentialField(
      ["webhook"],
      "Connection with the secret that callers prove themselves by.",
    ).optional(),
    idempotencyHeader: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, "must be a name of a header.")
      .optional()
      .describe("Header by which a repeated call is known. Default: Idempotency-Key, else Webhook-Id."),
    keepRaw: z
      .boolean()
      .optional()
      .describe("Keep the body as it came, as the file raw beside what was read from it."),
  }),
  example: { path: "orders/new", methods: ["POST"], respond: "whenDone" },
  checkConfig: (config) => [...noTemplates(config), ...missing(config)],
});

const needed: Record<string, readonly string[]> = {
  basic: ["user", "secret"],
  header: ["headerName", "secret"],
  standard: ["secret"],
  github: ["secret"],
  stripe: ["secret"],
  slack: ["secret"],
};

function missing({ authentication, credential }: JsonObject): ConfigProblem[] {
  if (!isObject(authentication)) return [];
  const connected = credential === undefined ? [] : ["secret", "user"];
  const { auth, algorithm = "HS256" } = authentication;
  const fields =
    auth === "jwt" ? [algorithm === "HS256" ? "secret" : "publicKey"] : (needed[String(auth)] ?? []);
  return fields
    .filter((field) => authentication[field] === undefined || authentication[field] === "")
    .filter((field) => !connected.includes(field))
    .map((field) => ({
      field: field === "secret" ? "credential" : `authentication.${field}`,
      code: "FIELD_MISSING",
      message: `Callers that prove themselves by ${String(auth)} need "${field}".`,
      remedy: field === "secret" ? "Choose a connection of the kind Webhook caller." : `Fill in "${field}".`,
    }));
}
