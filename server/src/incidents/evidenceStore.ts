// SQL of evidence: facts around an incident, without secrets and without the data of executions. `tx` has its tenant set.
import type { Pool, Transaction } from "../platform/db.ts";

const ROWS_MAX = 50_000;

type Time = { orgId: string; from: string; to: string };
type Rows = Record<string, unknown>[];

export async function executionsOf(tx: Transaction, { orgId, from, to }: Time): Promise<Rows> {
  const { rows } = await tx.query(
    `SELECT e.id, e.workflow_id AS "workflowId", w.name AS workflow, e.version_id AS "versionId", e.status, e.mode,
       e.trigger_node AS trigger, e.started_at AS "startedAt", e.completed_at AS "completedAt",
       e.error_code AS "errorCode" FROM workflow_executions e LEFT JOIN workflows w ON w.id = e.workflow_id AND w.org_id = $1
     WHERE e.org_id = $1 AND e.started_at >= $2::timestamptz AND e.started_at <= $3::timestamptz
     ORDER BY e.id LIMIT ${ROWS_MAX}`,
    [orgId, from, to],
  );
  return rows;
}

export async function workflowsOf(tx: Transaction, orgId: string): Promise<Rows> {
  const { rows } = await tx.query(
    `SELECT w.id, w.name, v.kind, v.version, encode(v.hash, 'hex') AS sha256, v.created_by AS "createdBy",
       v.created_at AS "createdAt", v.id = w.published_version_id AS published
     FROM workflows w JOIN workflow_versions v ON v.workflow_id = w.id AND v.org_id = $1
     WHERE w.org_id = $1 ORDER BY w.id, v.id LIMIT ${ROWS_MAX}`,
    [orgId],
  );
  return rows;
}

export async function keysOf(tx: Transaction, orgId: string): Promise<Rows> {
  const { rows } = await tx.query(
    `SELECT id, name, hint, scopes, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
       last_used_at AS "lastUsedAt", revoked_at AS "revokedAt" FROM api_keys WHERE org_id = $1 ORDER BY id`,
    [orgId],
  );
  return rows;
}

export async function membersOf(
  tx: Transaction,
  orgId: string,
): Promise<{ userId: string; name: string | null; email: string | null; role: string }[]> {
  const { rows } = await tx.query(
    `SELECT m.user_id AS "userId", u.name, u.email, m.role, m.created_at AS "joinedAt"
     FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = $1 ORDER BY m.user_id`,
    [orgId],
  );
  return rows;
}

export async function connectionsOf(tx: Transaction, orgId: string): Promise<Rows> {
  const { rows } = await tx.query(
    `SELECT id, name, type, hosts, roles, version, last_used_at AS "lastUsedAt", created_by AS "createdBy",
       created_at AS "createdAt", updated_at AS "updatedAt", encode(sha256(sealed), 'hex') AS "sealedSha256"
     FROM connections WHERE org_id = $1 ORDER BY id`,
    [orgId],
  );
  return rows;
}

export async function webhooksOf(tx: Transaction, orgId: string): Promise<Rows> {
  const { rows } = await tx.query(
    `SELECT path, method, workflow_id AS "workflowId", version_id AS "versionId" FROM webhooks
     WHERE org_id = $1 ORDER BY path, method`,
    [orgId],
  );
  return rows;
}

export async function findingsOf(tx: Transaction, { orgId, from, to }: Time): Promise<Rows> {
  const { rows } = await tx.query(
    `SELECT kind, severity, title, detail, first_at AS "firstAt", last_at AS "lastAt", times, seen_by AS "seenBy"
     FROM security_findings WHERE org_id = $1 AND last_at >= $2::timestamptz AND first_at <= $3::timestamptz ORDER BY id`,
    [orgId, from, to],
  );
  return rows;
}

/** Without their tokens. */
export async function sessionsOf(identity: Pool, people: readonly string[]): Promise<Rows> {
  const { rows } = await identity.query(
    `SELECT id, "userId", method, "createdAt", "expiresAt", "provenAt", "ipAddress", "userAgent" FROM auth.session
     WHERE "userId" = ANY ($1::uuid[]) ORDER BY "createdAt"`,
    [people],
  );
  return rows;
}
