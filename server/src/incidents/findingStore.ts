// SQL of what the watch found. `tx` has its tenant set.
import type { SecurityFinding } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";

export type FindingRow = {
  id: string;
  kind: SecurityFinding["kind"];
  severity: SecurityFinding["severity"];
  code: SecurityFinding["code"];
  parameters: SecurityFinding["parameters"];
  title: string;
  detail: string;
  firstAt: Date;
  lastAt: Date;
  times: number;
  seenBy: string | null;
  seenAt: Date | null;
};

export async function listFindings(
  tx: Transaction,
  query: { orgId: string; status: string | null; before: string | null; limit: number },
): Promise<FindingRow[]> {
  const { rows } = await tx.query<FindingRow>(
    `SELECT id, kind, severity, code, parameters, title, detail, first_at AS "firstAt", last_at AS "lastAt", times,
       seen_by AS "seenBy", seen_at AS "seenAt" FROM security_findings
     WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::text IS NULL OR (seen_at IS NULL) = ($3 = 'open'))
     ORDER BY id DESC LIMIT $4`,
    [query.orgId, query.before, query.status, query.limit],
  );
  return rows;
}

/** What nobody has looked at yet is the same finding again. */
export async function putFinding(
  tx: Transaction,
  row: {
    id: string;
    orgId: string;
    kind: string;
    key: string;
    severity: string;
    code: string;
    parameters: SecurityFinding["parameters"];
    title: string;
    detail: string;
  },
): Promise<boolean> {
  const { rows } = await tx.query<{ isNew: boolean }>(
    `INSERT INTO security_findings (id, org_id, kind, key, severity, title, detail, code, parameters)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (org_id, kind, key) WHERE seen_at IS NULL
       DO UPDATE SET last_at = now(), times = security_findings.times + 1, detail = EXCLUDED.detail,
         code = EXCLUDED.code, parameters = EXCLUDED.parameters
     RETURNING xmax = 0 AS "isNew"`,
    [
      ...[row.id, row.orgId, row.kind, row.key, row.severity, row.title, row.detail, row.code],
      JSON.stringify(row.parameters),
    ],
  );
  return rows[0]?.isNew === true;
}

export async function markSeen(
  tx: Transaction,
  row: { orgId: string; id: string; actor: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    "UPDATE security_findings SET seen_by = $3, seen_at = now() WHERE org_id = $1 AND id = $2 AND seen_at IS NULL",
    [row.orgId, row.id, row.actor],
  );
  return rowCount === 1;
}

export async function listPlaces(
  tx: Transaction,
  orgId: string,
): Promise<{ credential: string; place: string; firstSeen: Date }[]> {
  const { rows } = await tx.query<{ credential: string; place: string; firstSeen: Date }>(
    `SELECT credential, place, first_seen AS "firstSeen" FROM credential_places WHERE org_id = $1 LIMIT 50000`,
    [orgId],
  );
  return rows;
}

export async function putPlace(
  tx: Transaction,
  row: { orgId: string; credential: string; place: string },
): Promise<void> {
  await tx.query(
    "INSERT INTO credential_places (org_id, credential, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [row.orgId, row.credential, row.place],
  );
}
