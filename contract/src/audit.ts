// The audit log as it travels.
import { instant, json, page } from "./common.ts";
import { z } from "./zod.ts";

/** change; denial; signIn, signInFailed, signOut; export: data left the server in bulk. */
export const auditKinds = ["change", "denial", "signIn", "signInFailed", "signOut", "export"] as const;
export const auditKind = z.enum(auditKinds);
export type AuditKind = z.infer<typeof auditKind>;

export const auditChange = z
  .object({
    path: z.string().describe("Place in the object, such as nodes/http/config/url."),
    before: json.optional().describe("Absent = it was not there."),
    after: json.optional().describe("Absent = it is not there any more."),
  })
  .meta({
    id: "AuditChange",
    description:
      "Secrets stand as [redacted], personal data as [personal], and what is long as {sha256, bytes}: enough to compare.",
  });
export type AuditChange = z.infer<typeof auditChange>;

export const auditEntry = z
  .object({
    seq: z.int().describe("Number within the organization, without gaps."),
    at: instant,
    kind: auditKind,
    actor: z.string().describe("Who: key:NAME, user:ADDRESS, local, anonymous."),
    via: z.string(),
    role: z.string(),
    address: z.string().nullable().describe("Where the request came from."),
    action: z.string().describe("Right that was used or missing."),
    what: z.string().describe("Request, as the API documents it."),
    object: z.string().nullable().describe("Id of what it was about."),
    name: z.string().nullable().describe("Its name, where it has one."),
    fields: z.array(z.string()).describe("Fields that were sent."),
    changes: z.array(auditChange).nullable().describe("What became different; null = not compared."),
    outcome: z
      .enum(["done", "denied", "unknown"])
      .describe("unknown: the server ended while it was under way."),
    code: z.string().nullable().describe("Why it was denied."),
    count: z.int().optional().describe("So many of the same within a minute stand in this one entry."),
    requestId: z.string(),
  })
  .meta({ id: "AuditEntry", description: "A change, a sign-in, or an act that was refused." });
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditPage = page(auditEntry).meta({ id: "AuditPage" });

export const auditReport = z
  .object({
    ok: z.boolean(),
    entries: z.int().describe("Number of the last one."),
    from: z
      .int()
      .describe("Number of the first one that is here: the chain is verified from the one before it on."),
    removedAt: instant.nullable().describe("When entries left last, with their retention; null = never."),
    head: z.string().describe("Hash of the last entry, hexadecimal."),
    brokenAt: z.int().nullable().describe("Number of the first entry that is not as it was written."),
    reason: z
      .string()
      .nullable()
      .describe("What is wrong there: chain, head, checkpoint, signature, missing checkpoints."),
    checkpoints: z.int().describe("Signed checkpoints that were compared."),
    checkpointedTo: z.int().describe("The last entry that a checkpoint covers."),
    key: z.string().describe("Public key of the checkpoints, name+id+key as in the C2SP signed-note format."),
  })
  .meta({ id: "AuditReport" });
export type AuditReport = z.infer<typeof auditReport>;
