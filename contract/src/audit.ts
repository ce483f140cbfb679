// The audit log as it travels.
import { instant, page } from "./common.ts";
import { z } from "./zod.ts";

export const auditEntry = z
  .object({
    seq: z.int().describe("Number within the organization, without gaps."),
    at: instant,
    actor: z.string().describe("Who: key:NAME, user:ADDRESS, local."),
    via: z.string(),
    role: z.string(),
    action: z.string().describe("Right that was used or missing."),
    what: z.string().describe("Request, as the API documents it."),
    object: z.string().nullable().describe("Id of what it was about."),
    name: z.string().nullable().describe("Its name, where the answer had one."),
    fields: z.array(z.string()).describe("Fields that were sent; never their values."),
    outcome: z.enum(["done", "denied"]),
    code: z.string().nullable().describe("Why it was denied."),
    requestId: z.string(),
  })
  .meta({ id: "AuditEntry", description: "A change, or an act that was refused for want of rights." });
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditPage = page(auditEntry).meta({ id: "AuditPage" });

export const auditReport = z
  .object({
    ok: z.boolean(),
    entries: z.int(),
    head: z.string().describe("Hash of the last entry, hexadecimal."),
    brokenAt: z.int().nullable().describe("Number of the first entry that is not as it was written."),
  })
  .meta({ id: "AuditReport" });
