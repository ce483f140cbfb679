// Endpoints of the audit log.
import { auditEntry, auditKind, auditPage, auditReport } from "./audit.ts";
import { instant, pageQuery } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import { z } from "./zod.ts";

const tag = "Audit";

export const auditEndpoints = {
  listAudit: endpoint({
    method: "get",
    path: "/api/v1/audit",
    action: "audit.read",
    tag,
    summary: "Changes, sign-ins and denials, the newest first",
    query: z.object({
      ...pageQuery,
      actor: z.string().max(400).optional().describe("Only of this one."),
      kind: auditKind.optional(),
      action: z.string().max(100).optional().describe("Only with this right, such as workflow.publish."),
      outcome: z.enum(["done", "denied", "unknown"]).optional(),
      object: z.string().max(200).optional().describe("Only about the thing with this id."),
      from: instant.optional(),
      to: instant.optional(),
    }),
    reply: auditPage,
  }),
  verifyAudit: endpoint({
    method: "get",
    path: "/api/v1/audit/verify",
    action: "audit.read",
    tag,
    summary: "Recalculate the chain of hashes and compare it with the signed checkpoints",
    reply: auditReport,
  }),
  exportAudit: endpoint({
    method: "get",
    path: "/api/v1/audit/export",
    action: "audit.read",
    tag,
    summary: "All entries as JSON Lines, with their hashes",
    description:
      "Each line is {seq, entry, hash}; hash = sha256(hash before, seq, '|', entry), before the first stand 32 zero bytes.",
    produces: ["application/jsonl"],
  }),
  getAuditCheckpoints: endpoint({
    method: "get",
    path: "/api/v1/audit/checkpoints",
    action: "audit.read",
    tag,
    summary: "Signed checkpoints of the chain, as notes in the C2SP form",
    produces: ["text/plain"],
  }),
  getAuditVerifier: endpoint({
    method: "get",
    path: "/api/v1/audit/verifier",
    action: "audit.read",
    tag,
    summary: "A program that checks an export without this server",
    description: "node verify.mjs audit.jsonl checkpoints.txt KEY. Needs Node.js 20 and nothing else.",
    produces: ["text/javascript"],
  }),
  getAuditEntry: endpoint({
    method: "get",
    path: "/api/v1/audit/:seq",
    action: "audit.read",
    tag,
    summary: "One entry",
    params: z.object({ seq: z.coerce.number().int().min(1) }),
    reply: auditEntry,
  }),
};
