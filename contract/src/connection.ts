// Connections as they travel: what may be read of them, and what is written and never read again.
import { id, instant, json, page } from "./common.ts";
import { sentenceParts } from "./sentences.ts";
import { z } from "./zod.ts";

export const connectionName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}{}]+$/u, "must have no control characters and no braces")
  .describe("Name, unique within the organization; workflows name it.");

const hosts = z
  .array(
    z
      .string()
      .max(260)
      .regex(
        /^(\*\.)?[A-Za-z0-9_.-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/,
        "must be a host such as api.example.com, *.example.com or localhost:8080",
      ),
  )
  .max(50)
  .describe(
    "Where the secret may be sent: host, *.host (below it), host:port. For kinds that are not bound to their own.",
  );

const fields = {
  description: z.string().max(2000).optional(),
  values: z.record(z.string(), json).describe("As the kind's schema says; see /api/v1/connection-types."),
  hosts: hosts.optional(),
  roles: z
    .array(z.string().max(40))
    .max(50)
    .optional()
    .describe("Roles whose people may use it. Default: everybody who may use connections."),
  expiresAt: instant.optional().describe("When the secret ends, as its service says; told ahead of time."),
};

export const connectionBody = z
  .strictObject({ name: connectionName, type: z.string().max(50).describe("Kind of connection."), ...fields })
  .meta({ id: "ConnectionBody" });
export type ConnectionBody = z.infer<typeof connectionBody>;

export const connectionChange = z
  .strictObject({ name: connectionName, ...fields })
  .meta({ id: "ConnectionChange", description: "Secret values that are left out stay as they are." });
export type ConnectionChange = z.infer<typeof connectionChange>;

export const connectionHealth = z
  .enum(["good", "untested", "failing", "expired", "reconnect"])
  .describe("reconnect: somebody must allow the access again.");

export const connection = z
  .object({
    id,
    name: z.string(),
    type: z.string(),
    description: z.string().nullable(),
    values: z.record(z.string(), json).describe("Those that are no secret."),
    secrets: z
      .record(z.string(), z.string())
      .describe("For each secret value that is there a mark: the same secret has the same one."),
    hosts: z.array(z.string()),
    roles: z.array(z.string()).nullable(),
    health: connectionHealth,
    testedAt: instant.nullable(),
    testFailure: z.string().nullable(),
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Connection", description: "What workflows sign in with. No answer contains a secret." });
export type Connection = z.infer<typeof connection>;
export const connectionPage = page(connection).meta({ id: "ConnectionPage" });

export const connectionType = z
  .object({
    type: z.string(),
    name: z.string(),
    description: z.string(),
    icon: z.string(),
    schema: z.record(z.string(), json).describe("JSON Schema of the values."),
    secretFields: z.array(z.string()),
    hosts: z
      .enum(["listed", "own"])
      .describe("listed: name the hosts it is for. own: bound to its own host."),
    oauth: z.enum(["clientCredentials", "code"]).optional(),
    testable: z.boolean(),
  })
  .meta({ id: "ConnectionType" });
export type ConnectionType = z.infer<typeof connectionType>;

export const connectionTested = z
  .object({
    ok: z.boolean(),
    code: z.string().optional().describe("Of the error, where it failed."),
    message: z.string(),
    messageParts: sentenceParts("message"),
    remedy: z.string().optional(),
    testedAt: instant,
  })
  .meta({ id: "ConnectionTested" });
export type ConnectionTested = z.infer<typeof connectionTested>;

export const connectionUses = z
  .object({
    items: z.array(
      z.object({
        workflowId: id,
        workflowName: z.string(),
        nodes: z.array(z.string()).describe("Names of the nodes."),
        published: z.boolean().describe("Is it in the published version? Else only in the draft."),
      }),
    ),
  })
  .meta({ id: "ConnectionUses" });

export const connectionAuthorization = z
  .object({ url: z.string().describe("Open it in the browser of the person who allows the access.") })
  .meta({ id: "ConnectionAuthorization" });

export const connectionAuthorized = z.strictObject({
  code: z.string().min(1).max(4000).describe("As the service gave it."),
  state: z.string().min(1).max(2000),
});

export const vaultRotated = z
  .object({ keyVersion: z.int(), connections: z.int().describe("Sealed anew.") })
  .meta({ id: "VaultRotated" });
