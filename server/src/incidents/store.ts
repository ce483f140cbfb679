// SQL of incidents. `tx` has its tenant set; every statement names the organization as well.
import type { Transaction } from "../platform/db.ts";

export type IncidentRow = {
  id: string;
  title: string;
  severity: "low" | "medium" | "high" | "critical";
  openedBy: string;
  openedAt: Date;
  closedBy: string | null;
  closedAt: Date | null;
  report: string | null;
  frozen: number;
};

const columns = `i.id, i.title, i.severity, i.opened_by AS "openedBy", i.opened_at AS "openedAt", i.closed_by AS "closedBy",
  i.closed_at AS "closedAt", i.report, (SELECT count(*)::int FROM freezes f WHERE f.incident_id = i.id
    AND f.org_id = i.org_id AND f.lifted_at IS NULL) AS frozen`;

export async function listIncidents(
  tx: Transaction,
  query: { orgId: string; status: string | null; before: string | null; limit: number },
): Promise<IncidentRow[]> {
  const { rows } = await tx.query<IncidentRow>(
    `SELECT ${columns} FROM incidents i WHERE i.org_id = $1 AND ($2::uuid IS NULL OR i.id < $2)
       AND ($3::text IS NULL OR (i.closed_at IS NULL) = ($3 = 'open')) ORDER BY i.id DESC LIMIT $4`,
    [query.orgId, query.before, query.status, query.limit],
  );
  return rows;
}

export async function findIncident(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<IncidentRow | undefined> {
  const { rows } = await tx.query<IncidentRow>(
    `SELECT ${columns} FROM incidents i WHERE i.org_id = $1 AND i.id = $2`,
    [orgId, id],
  );
  return rows[0];
}

export async function insertIncident(
  tx: Transaction,
  row: { id: string; orgId: string; title: string; severity: string; actor: string },
): Promise<void> {
  await tx.query(
    "INSERT INTO incidents (id, org_id, title, severity, opened_by) VALUES ($1, $2, $3, $4, $5)",
    [row.id, row.orgId, row.title, row.severity, row.actor],
  );
}

/** False = somebody else closed it. */
export async function closeIncidentRow(
  tx: Transaction,
  row: { id: string; orgId: string; actor: string; report: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE incidents SET closed_by = $3, closed_at = now(), report = $4
     WHERE org_id = $1 AND id = $2 AND closed_at IS NULL`,
    [row.orgId, row.id, row.actor, row.report],
  );
  return rowCount === 1;
}

export type ActKind = "open" | "note" | "freeze" | "unfreeze" | "revoke" | "evidence" | "close";
export type ActRow = { id: string; at: Date; actor: string; kind: ActKind; text: string };

export async function insertAct(
  tx: Transaction,
  act: { id: string; orgId: string; incidentId: string; actor: string; kind: ActKind; text: string },
): Promise<void> {
  await tx.query(
    "INSERT INTO incident_acts (id, org_id, incident_id, actor, kind, text) VALUES ($1, $2, $3, $4, $5, $6)",
    [act.id, act.orgId, act.incidentId, act.actor, act.kind, act.text],
  );
}

export async function listActs(tx: Transaction, orgId: string, incidentId: string): Promise<ActRow[]> {
  const { rows } = await tx.query<ActRow>(
    `SELECT id, at, actor, kind, text FROM incident_acts WHERE org_id = $1 AND incident_id = $2 ORDER BY at, id`,
    [orgId, incidentId],
  );
  return rows;
}

export type FreezeView = {
  id: string;
  workflowId: string | null;
  workflowName: string | null;
  reason: string;
  by: string;
  at: Date;
  liftedBy: string | null;
  liftedAt: Date | null;
  paused: number;
};

export async function listFreezes(tx: Transaction, orgId: string, incidentId: string): Promise<FreezeView[]> {
  const { rows } = await tx.query<FreezeView>(
    `SELECT f.id, f.workflow_id AS "workflowId", w.name AS "workflowName", f.reason, f.frozen_by AS by,
       f.frozen_at AS at, f.lifted_by AS "liftedBy", f.lifted_at AS "liftedAt",
       (SELECT count(*)::int FROM freeze_executions e WHERE e.freeze_id = f.id AND e.org_id = $1) AS paused
     FROM freezes f LEFT JOIN workflows w ON w.id = f.workflow_id AND w.org_id = $1
     WHERE f.org_id = $1 AND f.incident_id = $2 ORDER BY f.frozen_at, f.id`,
    [orgId, incidentId],
  );
  return rows;
}

/** False = it is frozen already, by this incident or another. */
export async function insertFreeze(
  tx: Transaction,
  row: {
    id: string;
    orgId: string;
    incidentId: string;
    workflowId: string | null;
    reason: string;
    actor: string;
  },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO freezes (id, org_id, incident_id, workflow_id, reason, frozen_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (org_id, workflow_id) WHERE lifted_at IS NULL DO NOTHING`,
    [row.id, row.orgId, row.incidentId, row.workflowId, row.reason, row.actor],
  );
  return rowCount === 1;
}

export async function liftFreezes(
  tx: Transaction,
  row: { orgId: string; incidentId: string; freeze: string | null; actor: string },
): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE freezes SET lifted_by = $4, lifted_at = now()
     WHERE org_id = $1 AND incident_id = $2 AND ($3::uuid IS NULL OR id = $3) AND lifted_at IS NULL`,
    [row.orgId, row.incidentId, row.freeze, row.actor],
  );
  return rowCount ?? 0;
}

export async function findWorkflow(
  tx: Transaction,
  orgId: string,
  wanted: string,
): Promise<{ id: string; name: string } | undefined> {
  const { rows } = await tx.query<{ id: string; name: string }>(
    "SELECT id, name FROM workflows WHERE org_id = $1 AND (id::text = $2 OR name = $2) AND deleted_at IS NULL LIMIT 1",
    [orgId, wanted],
  );
  return rows[0];
}
