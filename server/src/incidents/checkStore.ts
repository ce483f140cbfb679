// SQL of the security check. `tx` has its tenant set.
import type { Transaction } from "../platform/db.ts";

export type RiskyNode = { workflowId: string; workflow: string; node: string; type: string };

export async function listRiskyNodes(
  tx: Transaction,
  orgId: string,
  types: readonly string[],
): Promise<RiskyNode[]> {
  const { rows } = await tx.query<RiskyNode>(
    `SELECT n.workflow_id AS "workflowId", w.name AS workflow, n.name AS node, n.type
     FROM workflow_nodes n JOIN workflows w ON w.id = n.workflow_id AND w.org_id = $1
     WHERE n.org_id = $1 AND n.type = ANY($2::text[]) AND w.published_version_id = n.version_id AND w.deleted_at IS NULL
     ORDER BY w.name, n.name LIMIT 500`,
    [orgId, types],
  );
  return rows;
}

export type Unused = { id: string; name: string; lastUsedAt: Date | null; createdAt: Date };

export async function listUnusedConnections(tx: Transaction, orgId: string, days: number): Promise<Unused[]> {
  const { rows } = await tx.query<Unused>(
    `SELECT id, name, last_used_at AS "lastUsedAt", created_at AS "createdAt" FROM connections
     WHERE org_id = $1 AND greatest(coalesce(last_used_at, created_at), updated_at) < now() - make_interval(days => $2)
     ORDER BY name LIMIT 500`,
    [orgId, days],
  );
  return rows;
}

export type KeyAge = Unused & { expiresAt: Date | null };

/** Still good; stale ones first. */
export async function listKeys(tx: Transaction, orgId: string): Promise<KeyAge[]> {
  const { rows } = await tx.query<KeyAge>(
    `SELECT id, name, last_used_at AS "lastUsedAt", created_at AS "createdAt", expires_at AS "expiresAt" FROM api_keys
     WHERE org_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
     ORDER BY coalesce(last_used_at, created_at) LIMIT 500`,
    [orgId],
  );
  return rows;
}

export type HookRow = { path: string; method: string; workflowId: string; workflow: string };

/** Without any proof of who calls. */
export async function listOpenWebhooks(tx: Transaction, orgId: string): Promise<HookRow[]> {
  const { rows } = await tx.query<HookRow>(
    `SELECT h.path, h.method, h.workflow_id AS "workflowId", w.name AS workflow
     FROM webhooks h JOIN workflows w ON w.id = h.workflow_id AND w.org_id = $1
     WHERE h.org_id = $1 AND (h.options IS NULL OR h.options::jsonb -> 'authentication' IS NULL)
       AND (h.options IS NULL OR h.options::jsonb -> 'form' IS NULL) ORDER BY h.path LIMIT 500`,
    [orgId],
  );
  return rows;
}

export async function isMfaRequired(tx: Transaction, orgId: string): Promise<boolean> {
  const { rows } = await tx.query<{ required: boolean }>(
    "SELECT mfa_required AS required FROM organizations WHERE id = $1",
    [orgId],
  );
  return rows[0]?.required === true;
}
