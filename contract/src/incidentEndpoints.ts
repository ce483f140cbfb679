// Endpoints of incidents, of what the watch finds, and of the security check.
import { instant, pageQuery } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import * as i from "./incident.ts";
import { z } from "./zod.ts";

const tag = "Security";
const params = z.object({ id: z.uuid() });
const base = "/api/v1/incidents";
const closed = { 409: "The incident is closed." };

export const incidentEndpoints = {
  listIncidents: endpoint({
    method: "get",
    path: base,
    action: "security.read",
    tag,
    summary: "Incidents, newest first",
    query: z.object({ ...pageQuery, status: z.enum(["open", "closed"]).optional() }),
    reply: i.incidentPage,
  }),
  openIncident: endpoint({
    method: "post",
    path: base,
    action: "security.manage",
    tag,
    summary: "Open an incident",
    body: { kind: "json", schema: i.incidentBody },
    reply: i.incident,
    status: 201,
  }),
  getIncident: endpoint({
    method: "get",
    path: `${base}/:id`,
    action: "security.read",
    tag,
    summary: "An incident with everything that was done",
    params,
    reply: i.incident,
  }),
  noteIncident: endpoint({
    method: "post",
    path: `${base}/:id/notes`,
    action: "security.manage",
    tag,
    summary: "Write something down",
    params,
    body: { kind: "json", schema: i.incidentNote },
    reply: i.incident,
    also: closed,
  }),
  freezeIncident: endpoint({
    method: "post",
    path: `${base}/:id/freeze`,
    action: "security.manage",
    tag,
    summary: "Freeze the organization or a workflow",
    description:
      "From the answer on nothing of it starts (FROZEN), no step of it reaches the world, and what runs is paused. " +
      "Other servers of the installation follow within five seconds.",
    params,
    body: { kind: "json", schema: i.freezeBody },
    reply: i.incident,
    also: { 404: "There is no such workflow.", 409: "Frozen already, or the incident is closed." },
  }),
  unfreezeIncident: endpoint({
    method: "post",
    path: `${base}/:id/unfreeze`,
    action: "security.manage",
    tag,
    summary: "Lift freezes: what they paused goes on",
    params,
    body: { kind: "json", schema: i.unfreezeBody, optional: true },
    reply: i.incident,
    also: { 404: "Nothing of it is frozen." },
  }),
  revokeForIncident: endpoint({
    method: "post",
    path: `${base}/:id/revoke`,
    action: "security.manage",
    tag,
    summary: "Revoke API keys and sessions: one, of one person, or all",
    params,
    body: { kind: "json", schema: i.revokeBody },
    reply: i.revoked,
    also: { 404: "There is no such key or member.", ...closed },
  }),
  getIncidentEvidence: endpoint({
    method: "get",
    path: `${base}/:id/evidence`,
    action: "security.manage",
    tag,
    summary: "Evidence as a ZIP archive",
    description:
      "The audit log of the time with its proof and a verifier, executions, sign-ins, keys, members, sessions, " +
      "connections without secrets, hashes of every workflow, and a signed list of all files.",
    params,
    query: z.object({
      from: instant.optional().describe("Default: a day before it was opened."),
      to: instant.optional().describe("Default: now, or when it was closed."),
    }),
    produces: ["application/zip"],
  }),
  closeIncident: endpoint({
    method: "post",
    path: `${base}/:id/close`,
    action: "security.manage",
    tag,
    summary: "Close it with a report",
    params,
    body: { kind: "json", schema: i.closeBody },
    reply: i.incident,
    also: { 409: "Closed already, or something is still frozen." },
  }),
  getIncidentReport: endpoint({
    method: "get",
    path: `${base}/:id/report`,
    action: "security.read",
    tag,
    summary: "The report, in Markdown; a draft while it is open",
    params,
    produces: ["text/markdown"],
  }),
  listSecurityFindings: endpoint({
    method: "get",
    path: "/api/v1/security-findings",
    action: "security.read",
    tag,
    summary: "What the watch over sign-ins, keys and exports noticed",
    query: z.object({ ...pageQuery, status: z.enum(["open", "seen"]).optional() }),
    reply: i.securityFindingPage,
  }),
  markFindingSeen: endpoint({
    method: "post",
    path: "/api/v1/security-findings/:id/seen",
    action: "security.manage",
    tag,
    summary: "Somebody looked at it",
    params,
    status: 204,
  }),
  getSecurityCheck: endpoint({
    method: "get",
    path: "/api/v1/security-check",
    action: "security.read",
    tag,
    summary: "What could be safer in this organization and on this server",
    reply: i.securityCheck,
  }),
};
