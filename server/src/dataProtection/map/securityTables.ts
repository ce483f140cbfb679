// The data map: incidents, and the watch over sign-ins, keys and exports.
import { entry, type TableEntry } from "./dataMap.types.ts";

export const securityTables: Readonly<Record<string, TableEntry>> = {
  incidents: entry(
    {
      class: "operation",
      keeping: "deleted",
      purpose: "Incidents: when they began, who closed them, the report",
    },
    {
      technical: "id org_id severity opened_at closed_at",
      content: "title report",
      actor: "opened_by closed_by",
    },
  ),
  incident_acts: entry(
    { class: "operation", keeping: "deleted", purpose: "What was done about an incident" },
    { technical: "id org_id incident_id at kind", content: "text", actor: "actor" },
  ),
  freezes: entry(
    { class: "operation", keeping: "deleted", purpose: "What is frozen, and why" },
    {
      technical: "id org_id incident_id workflow_id frozen_at lifted_at",
      content: "reason",
      actor: "frozen_by lifted_by",
    },
  ),
  freeze_executions: entry(
    { class: "operation", keeping: "deleted", purpose: "Executions that a freeze paused" },
    { technical: "org_id freeze_id execution_id" },
  ),
  credential_places: entry(
    {
      class: "identity",
      keeping: "deleted",
      purpose: "Networks that a key or session was used from",
      unique: ["credential"],
    },
    { technical: "org_id first_seen", content: "place", actor: "credential" },
  ),
  security_findings: entry(
    { class: "operation", keeping: "deleted", purpose: "What the watch has found", unique: ["key"] },
    {
      technical: "id org_id kind severity code first_at last_at times seen_at",
      content: "key title detail parameters",
      actor: "seen_by",
    },
  ),
};
