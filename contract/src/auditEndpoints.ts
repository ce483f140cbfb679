// Endpoints of the audit log.
import { auditPage, auditReport } from "./audit.ts";
import { pageQuery } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import { z } from "./zod.ts";

const tag = "Audit";

export const auditEndpoints = {
  listAudit: endpoint({
    method: "get",
    path: "/api/v1/audit",
    action: "audit.read",
    tag,
    summary: "Changes and denials, the newest first",
    query: z.object({
      ...pageQuery,
      actor: z.string().max(400).optional().describe("Only of this one."),
      outcome: z.enum(["done", "denied"]).optional(),
      object: z.string().max(200).optional().describe("Only about the thing with this id."),
    }),
    reply: auditPage,
  }),
  verifyAudit: endpoint({
    method: "get",
    path: "/api/v1/audit/verify",
    action: "audit.read",
    tag,
    summary: "Recalculate the chain of hashes",
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
};
