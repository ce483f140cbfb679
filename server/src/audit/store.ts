// SQL of the audit log. `tx` has its tenant set (withTenant).
import type { Pool, Transaction } from "../platform/db.ts";

export type AuditRow = { seq: number; entry: string; hash: Buffer };

export async function append(tx: Transaction, entries: readonly string[]): Promise<void> {
  await tx.query({ name: "audit-append", text: "SELECT audit_append($1::text[])", values: [entries] });
}

/** Looked for among the newest only: what is asked about was begun a moment before a process ended. */
export async function hasEntry(tx: Transaction, orgId: string, requestId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT 1 FROM (SELECT entry FROM audit_entries WHERE org_id = $1 ORDER BY seq DESC LIMIT 5000) AS newest
     WHERE entry::jsonb ->> 'requestId' = $2 LIMIT 1`,
    [orgId, requestId],
  );
  return rowCount === 1;
}

export type AuditQuery = {
  before: number | null;
  limit: number;
  actors: readonly string[] | null;
  kind: string | null;
  action: string | null;
  outcome: string | null;
  object: string | null;
  from: string | null;
  to: string | null;
};

/** Who, what kind and what object have an index each; the rest is looked for in what those leave. */
export async function listBefore(tx: Transaction, orgId: string, query: AuditQuery): Promise<AuditRow[]> {
  const values: unknown[] = [orgId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { before, actors, kind, action, outcome, object, from, to } = query;
  const conditions = [
    "org_id = $1",
    ...(before === null ? [] : [`seq < ${bind(before)}::bigint`]),
    ...(actors === null ? [] : [`actor = ANY(${bind(actors)}::text[])`]),
    ...(kind === null ? [] : [`kind = ${bind(kind)}`]),
    ...(object === null ? [] : [`object = ${bind(object)}`]),
    ...(action === null ? [] : [`entry::jsonb ->> 'action' = ${bind(action)}`]),
    ...(outcome === null ? [] : [`entry::jsonb ->> 'outcome' = ${bind(outcome)}`]),
    ...(from === null ? [] : [`(entry::jsonb ->> 'at')::timestamptz >= ${bind(from)}::timestamptz`]),
    ...(to === null ? [] : [`(entry::jsonb ->> 'at')::timestamptz < ${bind(to)}::timestamptz`]),
  ];
  const { rows } = await tx.query<AuditRow>(
    `SELECT seq, entry, hash FROM audit_entries WHERE ${conditions.join(" AND ")} ORDER BY seq DESC LIMIT ${bind(query.limit)}`,
    values,
  );
  return rows;
}

export async function findEntry(tx: Transaction, orgId: string, seq: number): Promise<AuditRow | undefined> {
  const { rows } = await tx.query<AuditRow>(
    "SELECT seq, entry, hash FROM audit_entries WHERE org_id = $1 AND seq = $2",
    [orgId, seq],
  );
  return rows[0];
}

/** The drill that checks a restored database reads as its owner. */
type Reader = Pick<Transaction, "query">;

export async function listAfter(
  tx: Reader,
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
  tx: Reader,
  orgId: string,
): Promise<{ seq: number; hash: Buffer } | undefined> {
  const { rows } = await tx.query<{ seq: number; hash: Buffer }>(
    "SELECT seq, hash FROM audit_heads WHERE org_id = $1",
    [orgId],
  );
  return rows[0];
}

export type HeadRow = { orgId: string; seq: number; hash: Buffer };

/** Of every organization; the engine's role sees numbers and hashes only. */
export async function listHeads(engine: Pool): Promise<HeadRow[]> {
  const { rows } = await engine.query<HeadRow>('SELECT org_id AS "orgId", seq, hash FROM audit_heads');
  return rows;
}

export async function hashesAfter(
  engine: Pool,
  orgId: string,
  range: { after: number; to: number },
): Promise<Buffer[]> {
  const { rows } = await engine.query<{ hash: Buffer }>(
    "SELECT hash FROM audit_entries WHERE org_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq",
    [orgId, range.after, range.to],
  );
  return rows.map(({ hash }) => hash);
}

export async function findMemberId(
  tx: Transaction,
  orgId: string,
  email: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT u.id FROM users u JOIN memberships m ON m.user_id = u.id
     WHERE m.org_id = $1 AND u.email = lower($2)`,
    [orgId, email],
  );
  return rows[0]?.id;
}

/** The first and the last entry of a time; undefined = there is none. */
export async function seqsOfTime(
  tx: Transaction,
  time: { orgId: string; from: string; to: string },
): Promise<{ from: number; to: number } | undefined> {
  const { rows } = await tx.query<{ from: number | null; to: number | null }>(
    `SELECT min(seq) AS from, max(seq) AS to FROM audit_entries WHERE org_id = $1
       AND (entry::jsonb ->> 'at')::timestamptz BETWEEN $2::timestamptz AND $3::timestamptz`,
    [time.orgId, time.from, time.to],
  );
  const { from, to } = rows[0] ?? { from: null, to: null };
  return from === null || to === null ? undefined : { from, to };
}
