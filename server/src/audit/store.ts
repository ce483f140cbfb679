// SQL of the audit log. `tx` has its tenant set (withTenant).
import type { Transaction } from "../platform/db.ts";

export type AuditRow = { seq: number; entry: string; hash: Buffer };

export async function append(tx: Transaction, entries: readonly string[]): Promise<void> {
  await tx.query({ name: "audit-append", text: "SELECT audit_append($1::text[])", values: [entries] });
}

export async function listBefore(
  tx: Transaction,
  orgId: string,
  query: {
    before: number | null;
    limit: number;
    actor: string | null;
    outcome: string | null;
    object: string | null;
  },
): Promise<AuditRow[]> {
  const { rows } = await tx.query<AuditRow>(
    `SELECT seq, entry, hash FROM audit_entries
     WHERE org_id = $1 AND ($2::bigint IS NULL OR seq < $2)
       AND ($3::text IS NULL OR entry::jsonb ->> 'actor' = $3)
       AND ($4::text IS NULL OR entry::jsonb ->> 'outcome' = $4)
       AND ($5::text IS NULL OR entry::jsonb ->> 'object' = $5)
     ORDER BY seq DESC LIMIT $6`,
    [orgId, query.before, query.actor, query.outcome, query.object, query.limit],
  );
  return rows;
}

export async function listAfter(
  tx: Transaction,
  orgId: string,
  after: number,
  limit: number,
): Promise<AuditRow[]> {
  const { rows } = await tx.query<AuditRow>(
    "SELECT seq, entry, hash FROM audit_entries WHERE org_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
    [orgId, after, limit],
  );
  return rows;
}

export async function findHead(
  tx: Transaction,
  orgId: string,
): Promise<{ seq: number; hash: Buffer } | undefined> {
  const { rows } = await tx.query<{ seq: number; hash: Buffer }>(
    "SELECT seq, hash FROM audit_heads WHERE org_id = $1",
    [orgId],
  );
  return rows[0];
}
