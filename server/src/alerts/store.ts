// SQL of alerts. `tx` has its tenant set (withTenant); every statement names the organization as well.
import type { SentencePart } from "@auraos/contract";
import type { Pool, Transaction } from "../platform/db.ts";
import { partsText } from "../platform/say.ts";
import type { Finding } from "./findings.ts";

export type RuleRow = {
  id: string;
  name: string;
  kind: string;
  severity: "info" | "warning" | "critical";
  config: string;
  channels: string;
  enabled: boolean;
  checkedAt: Date | null;
  trouble: string | null;
  open: number;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
};

const ruleColumns = `r.id, r.name, r.kind, r.severity, r.config, r.channels, r.enabled, r.checked_at AS "checkedAt",
  r.trouble, r.revision, r.created_at AS "createdAt", r.updated_at AS "updatedAt",
  (SELECT count(*)::int FROM alerts a WHERE a.rule_id = r.id AND a.status <> 'resolved') AS open`;

export async function listRules(tx: Transaction, orgId: string): Promise<RuleRow[]> {
  const { rows } = await tx.query<RuleRow>(
    `SELECT ${ruleColumns} FROM alert_rules r WHERE r.org_id = $1 ORDER BY r.name`,
    [orgId],
  );
  return rows;
}

export async function findRule(tx: Transaction, orgId: string, id: string): Promise<RuleRow | undefined> {
  const { rows } = await tx.query<RuleRow>(
    `SELECT ${ruleColumns} FROM alert_rules r WHERE r.org_id = $1 AND r.id = $2 FOR UPDATE`,
    [orgId, id],
  );
  return rows[0];
}

export type RuleColumns = Pick<
  RuleRow,
  "id" | "name" | "kind" | "severity" | "config" | "channels" | "enabled"
> & {
  orgId: string;
};

export async function insertRule(tx: Transaction, row: RuleColumns & { actor: string }): Promise<void> {
  await tx.query(
    `INSERT INTO alert_rules (id, org_id, name, kind, severity, config, channels, enabled, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [row.id, row.orgId, row.name, row.kind, row.severity, row.config, row.channels, row.enabled, row.actor],
  );
}

export async function updateRule(tx: Transaction, row: RuleColumns): Promise<void> {
  await tx.query(
    `UPDATE alert_rules SET name = $3, kind = $4, severity = $5, config = $6, channels = $7, enabled = $8,
       revision = revision + 1, updated_at = now() WHERE org_id = $1 AND id = $2`,
    [row.orgId, row.id, row.name, row.kind, row.severity, row.config, row.channels, row.enabled],
  );
}

export async function deleteRule(tx: Transaction, orgId: string, id: string): Promise<boolean> {
  const { rowCount } = await tx.query("DELETE FROM alert_rules WHERE org_id = $1 AND id = $2", [orgId, id]);
  return rowCount === 1;
}

export async function noteChecked(
  tx: Transaction,
  about: { orgId: string; id: string; trouble: string | null },
): Promise<void> {
  await tx.query("UPDATE alert_rules SET checked_at = now(), trouble = $3 WHERE org_id = $1 AND id = $2", [
    about.orgId,
    about.id,
    about.trouble,
  ]);
}

/** What is found anew is opened, what is found again is kept, what is found no more is resolved. */
export async function reconcile(
  tx: Transaction,
  about: { orgId: string; ruleId: string; newId: () => string },
  findings: readonly Finding[],
): Promise<{ opened: string[]; resolved: string[] }> {
  const keys = findings.map(({ key }) => key);
  const opened = await tx.query<{ id: string; isNew: boolean }>(
    `INSERT INTO alerts (id, org_id, rule_id, key, title, detail, link, title_parts, detail_parts)
     SELECT f.id, $1, $2, f.key, f.title, f.detail, f.link, f.title_parts, f.detail_parts
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::jsonb[])
       AS f (id, key, title, detail, link, title_parts, detail_parts)
     ON CONFLICT (rule_id, key) WHERE status <> 'resolved'
       DO UPDATE SET last_seen_at = now(), title = EXCLUDED.title, detail = EXCLUDED.detail,
         title_parts = EXCLUDED.title_parts, detail_parts = EXCLUDED.detail_parts
     RETURNING id, xmax = 0 AS "isNew"`,
    [
      ...[about.orgId, about.ruleId, findings.map(() => about.newId()), keys],
      ...[
        findings.map(({ title }) => title.text),
        findings.map(({ detail }) => detail.text),
        findings.map(({ link }) => link),
        findings.map(({ title }) => partsText(title)),
        findings.map(({ detail }) => partsText(detail)),
      ],
    ],
  );
  const resolved = await tx.query<{ id: string }>(
    `UPDATE alerts SET status = 'resolved', resolved_at = now(), resolved_by = 'rule'
     WHERE org_id = $1 AND rule_id = $2 AND status <> 'resolved' AND NOT (key = ANY($3)) RETURNING id`,
    [about.orgId, about.ruleId, keys],
  );
  return {
    opened: opened.rows.filter(({ isNew }) => isNew).map(({ id }) => id),
    resolved: resolved.rows.map(({ id }) => id),
  };
}

export async function insertDeliveries(
  tx: Transaction,
  orgId: string,
  rows: readonly { id: string; alertId: string; happening: string; channel: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO alert_deliveries (id, org_id, alert_id, happening, channel)
     SELECT d.id, $1, d.alert, d.happening, d.channel
     FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS d (id, alert, happening, channel)`,
    [
      ...[orgId, rows.map(({ id }) => id), rows.map(({ alertId }) => alertId)],
      ...[rows.map(({ happening }) => happening), rows.map(({ channel }) => channel)],
    ],
  );
}

export type AlertRow = {
  id: string;
  ruleId: string;
  ruleName: string;
  kind: string;
  severity: "info" | "warning" | "critical";
  status: "open" | "acknowledged" | "resolved";
  title: string;
  titleParts: SentencePart[] | null;
  detail: string;
  detailParts: SentencePart[] | null;
  link: string | null;
  openedAt: Date;
  lastSeenAt: Date;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  resolvedAt: Date | null;
  resolvedBy: string | null;
  deliveries: {
    happening: "opened" | "resolved";
    channel: string;
    state: "pending" | "sent" | "failed";
    attempts: number;
    error: string | null;
  }[];
};

const alertColumns = `a.id, a.rule_id AS "ruleId", r.name AS "ruleName", r.kind, r.severity, a.status, a.title, a.detail,
  a.title_parts AS "titleParts", a.detail_parts AS "detailParts", a.link, a.opened_at AS "openedAt", a.last_seen_at AS "lastSeenAt", a.acknowledged_at AS "acknowledgedAt",
  a.acknowledged_by AS "acknowledgedBy", a.resolved_at AS "resolvedAt", a.resolved_by AS "resolvedBy",
  coalesce((SELECT json_agg(json_build_object('happening', d.happening, 'channel', d.channel, 'state', d.state,
    'attempts', d.attempts, 'error', d.error) ORDER BY d.id) FROM alert_deliveries d WHERE d.alert_id = a.id), '[]') AS deliveries`;

export async function listAlerts(
  tx: Transaction,
  query: { orgId: string; status: string | null; before: string | null; limit: number },
): Promise<AlertRow[]> {
  const { rows } = await tx.query<AlertRow>(
    `SELECT ${alertColumns} FROM alerts a JOIN alert_rules r ON r.id = a.rule_id
     WHERE a.org_id = $1 AND ($2::text IS NULL OR a.status = $2) AND ($3::uuid IS NULL OR a.id < $3)
     ORDER BY a.id DESC LIMIT $4`,
    [query.orgId, query.status, query.before, query.limit],
  );
  return rows;
}

export async function findAlert(tx: Transaction, orgId: string, id: string): Promise<AlertRow | undefined> {
  const { rows } = await tx.query<AlertRow>(
    `SELECT ${alertColumns} FROM alerts a JOIN alert_rules r ON r.id = a.rule_id WHERE a.org_id = $1 AND a.id = $2`,
    [orgId, id],
  );
  return rows[0];
}

/** False = it is not in a state from which it could come to this. */
export async function setAlertStatus(
  tx: Transaction,
  about: { orgId: string; id: string; status: "acknowledged" | "resolved"; actor: string },
): Promise<boolean> {
  const [at, by] =
    about.status === "acknowledged" ? ["acknowledged_at", "acknowledged_by"] : ["resolved_at", "resolved_by"];
  const { rowCount } = await tx.query(
    `UPDATE alerts SET status = $3::text, ${at} = now(), ${by} = $4 WHERE org_id = $1 AND id = $2 AND status <> 'resolved'`,
    [about.orgId, about.id, about.status, about.actor],
  );
  return rowCount === 1;
}

export async function organizationsToCheck(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ orgId: string }>(
    'SELECT DISTINCT org_id AS "orgId" FROM alert_rules WHERE enabled',
  );
  return rows.map(({ orgId }) => orgId);
}

export async function organizationsToTell(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ orgId: string }>(
    `SELECT DISTINCT org_id AS "orgId" FROM alert_deliveries WHERE state = 'pending' AND next_at <= now()`,
  );
  return rows.map(({ orgId }) => orgId);
}

export type Delivery = {
  id: string;
  happening: "opened" | "resolved";
  channel: string;
  attempts: number;
  alert: {
    id: string;
    rule: string;
    severity: string;
    status: string;
    title: string;
    detail: string;
    link: string | null;
    openedAt: string;
  };
};

export async function dueDeliveries(tx: Transaction, orgId: string): Promise<Delivery[]> {
  const { rows } = await tx.query<Delivery>(
    `SELECT d.id, d.happening, d.channel, d.attempts, json_build_object('id', a.id, 'rule', r.name, 'severity', r.severity,
       'status', a.status, 'title', a.title, 'detail', a.detail, 'link', a.link, 'openedAt', a.opened_at) AS alert
     FROM alert_deliveries d JOIN alerts a ON a.id = d.alert_id JOIN alert_rules r ON r.id = a.rule_id
     WHERE d.org_id = $1 AND d.state = 'pending' AND d.next_at <= now() ORDER BY d.id LIMIT 50`,
    [orgId],
  );
  return rows;
}

export async function noteDelivery(
  tx: Transaction,
  about: {
    orgId: string;
    id: string;
    state: "pending" | "sent" | "failed";
    error: string | null;
    delayMs: number;
  },
): Promise<void> {
  await tx.query(
    `UPDATE alert_deliveries SET state = $3::text, error = $4, attempts = attempts + 1,
       next_at = now() + $5::float8 * interval '1 millisecond', sent_at = CASE WHEN $3::text = 'sent' THEN now() END
     WHERE org_id = $1 AND id = $2 AND state = 'pending'`,
    [about.orgId, about.id, about.state, about.error, about.delayMs],
  );
}
