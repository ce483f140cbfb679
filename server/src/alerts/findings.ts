// What a rule finds at this moment, asked of the tables as the tenant. Each finding has a key, so that what stays wrong
// stays one alert, and what is over is noticed.
import type { AlertCondition } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";

export type Finding = { key: string; title: string; detail: string; link: string };

/** A fire that is this late is more than a busy moment. */
const OVERDUE_MINUTES = 5;
const FOUND_MAX = 200;

export function findingsOf(
  tx: Transaction,
  orgId: string,
  condition: AlertCondition,
  nowMs: number,
): Promise<Finding[]> {
  switch (condition.kind) {
    case "failureRate":
      return failing(tx, orgId, condition, nowMs);
    case "latency":
      return slow(tx, orgId, condition, nowMs);
    case "silentSchedule":
      return silent(tx, orgId, condition, nowMs);
    case "waitingApproval":
      return waiting(tx, orgId, condition, nowMs);
    case "expiringCredential":
      return expiring(tx, orgId, condition, nowMs);
    case "security":
      return insecure(tx, orgId, condition, nowMs);
  }
}

type Of<Kind> = Extract<AlertCondition, { kind: Kind }>;

async function failing(
  tx: Transaction,
  orgId: string,
  rule: Of<"failureRate">,
  nowMs: number,
): Promise<Finding[]> {
  const { rows } = await tx.query<{
    id: string;
    name: string;
    total: number;
    failed: number;
    error: string | null;
  }>(
    `SELECT w.id, w.name, count(*)::int AS total, count(*) FILTER (WHERE e.status IN ('failed', 'terminated'))::int AS failed,
       (array_agg(e.error_code ORDER BY e.id DESC) FILTER (WHERE e.status = 'failed'))[1] AS error
     FROM workflow_executions e JOIN workflows w ON w.id = e.workflow_id
     WHERE e.org_id = $1 AND e.mode = 'production' AND e.completed_at > to_timestamp($2::float8 / 1000)
       AND e.started_at > to_timestamp($2::float8 / 1000) - interval '30 days'
       AND e.status IN ('succeeded', 'failed', 'terminated') AND ($3::uuid IS NULL OR e.workflow_id = $3)
     GROUP BY w.id, w.name HAVING count(*) >= $4
       AND 100.0 * count(*) FILTER (WHERE e.status IN ('failed', 'terminated')) >= $5::float8 * count(*)
     ORDER BY failed DESC LIMIT ${FOUND_MAX}`,
    [orgId, nowMs - rule.withinMinutes * 60_000, rule.workflow ?? null, rule.executionsMin, rule.percent],
  );
  return rows.map(({ id, name, total, failed, error }) => ({
    key: `workflow/${id}`,
    title: `"${name}" fails: ${failed} of ${total} executions`,
    detail: `In the last ${rule.withinMinutes} min ${Math.round((100 * failed) / total)} % failed${error === null ? "" : `, most recently with ${error}`}; the rule allows less than ${rule.percent} %.`,
    link: `/executions?workflow=${id}&status=failed`,
  }));
}

async function slow(tx: Transaction, orgId: string, rule: Of<"latency">, nowMs: number): Promise<Finding[]> {
  const { rows } = await tx.query<{ id: string; name: string; total: number; took: number }>(
    `SELECT w.id, w.name, count(*)::int AS total,
       percentile_cont($5::float8 / 100) WITHIN GROUP (ORDER BY extract(epoch FROM e.completed_at - e.started_at))::float8 AS took
     FROM workflow_executions e JOIN workflows w ON w.id = e.workflow_id
     WHERE e.org_id = $1 AND e.mode = 'production' AND e.completed_at > to_timestamp($2::float8 / 1000)
       AND e.status IN ('succeeded', 'failed') AND ($3::uuid IS NULL OR e.workflow_id = $3)
     GROUP BY w.id, w.name HAVING count(*) >= $4
       AND percentile_cont($5::float8 / 100) WITHIN GROUP (ORDER BY extract(epoch FROM e.completed_at - e.started_at)) > $6
     ORDER BY took DESC LIMIT ${FOUND_MAX}`,
    [
      orgId,
      nowMs - rule.withinMinutes * 60_000,
      rule.workflow ?? null,
      rule.executionsMin,
      rule.percentile,
      rule.seconds,
    ],
  );
  return rows.map(({ id, name, total, took }) => ({
    key: `workflow/${id}`,
    title: `"${name}" is slow: ${took.toFixed(1)} s`,
    detail: `Of ${total} executions in the last ${rule.withinMinutes} min the ${rule.percentile}th percentile took ${took.toFixed(1)} s; the rule allows ${rule.seconds} s.`,
    link: `/executions?workflow=${id}`,
  }));
}

async function silent(
  tx: Transaction,
  orgId: string,
  rule: Of<"silentSchedule">,
  nowMs: number,
): Promise<Finding[]> {
  const { rows } = await tx.query<{
    id: string;
    name: string;
    due: Date | null;
    last: Date | null;
    paused: boolean;
  }>(
    `SELECT s.id, s.name, s.next_due AS due, s.paused,
       (SELECT max(f.fired_at) FROM schedule_fires f WHERE f.schedule_id = s.id AND f.ended = 'succeeded') AS last
     FROM schedules s WHERE s.org_id = $1 AND ($2::uuid IS NULL OR s.id = $2) AND (NOT s.paused OR s.id = $2)
       AND s.created_at < to_timestamp($3::float8 / 1000) - coalesce($4::int, 0) * interval '1 minute'`,
    [orgId, rule.schedule ?? null, nowMs, rule.afterMinutes ?? null],
  );
  return rows.flatMap(({ id, name, due, last, paused }): Finding[] => {
    const quietMs = nowMs - (last?.getTime() ?? Number.NEGATIVE_INFINITY);
    const overdueMs = due === null ? 0 : nowMs - due.getTime();
    const isQuiet =
      rule.afterMinutes === undefined
        ? !paused && overdueMs > OVERDUE_MINUTES * 60_000
        : quietMs > rule.afterMinutes * 60_000;
    if (!isQuiet) return [];
    const since = last === null ? "It has never succeeded" : `Its last success was at ${last.toISOString()}`;
    const why = paused ? " It is paused." : overdueMs > 0 ? ` It was due at ${due?.toISOString()}.` : "";
    const about = { key: `schedule/${id}`, link: `/schedules?open=${id}` };
    return [{ ...about, title: `The schedule "${name}" is silent`, detail: `${since}.${why}` }];
  });
}

async function waiting(
  tx: Transaction,
  orgId: string,
  rule: Of<"waitingApproval">,
  nowMs: number,
): Promise<Finding[]> {
  const { rows } = await tx.query<{
    id: string;
    wait: string;
    title: string | null;
    opened: Date;
    name: string;
  }>(
    `SELECT a.execution_id AS id, a.wait, a.title, a.opened_at AS opened, w.name
     FROM waits a JOIN workflow_executions e ON e.id = a.execution_id JOIN workflows w ON w.id = e.workflow_id
     WHERE a.org_id = $1 AND a.kind = 'approval' AND a.closed_at IS NULL AND a.opened_at <= to_timestamp($2::float8 / 1000)
     ORDER BY a.opened_at LIMIT ${FOUND_MAX}`,
    [orgId, nowMs - rule.afterMinutes * 60_000],
  );
  return rows.map(({ id, wait, title, opened, name }) => ({
    key: `wait/${id}/${wait}`,
    title: `"${title ?? name}" waits for an approval`,
    detail: `Nobody has answered since ${opened.toISOString()}, in "${name}".`,
    link: `/executions/${id}`,
  }));
}

async function expiring(
  tx: Transaction,
  orgId: string,
  rule: Of<"expiringCredential">,
  nowMs: number,
): Promise<Finding[]> {
  const { rows } = await tx.query<{ id: string; name: string; at: Date | null; lost: Date | null }>(
    `SELECT id, name, expires_at AS at, reconnect_since AS lost FROM connections
     WHERE org_id = $1 AND (expires_at < to_timestamp($2::float8 / 1000) OR reconnect_since IS NOT NULL)
     ORDER BY expires_at LIMIT ${FOUND_MAX}`,
    [orgId, nowMs + rule.withinDays * 86_400_000],
  );
  return rows.map(({ id, name, at, lost }) => {
    const isOver = at !== null && at.getTime() <= nowMs;
    const when = isOver ? `It expired at ${at?.toISOString()}.` : `It expires at ${at?.toISOString()}.`;
    return {
      key: `connection/${id}`,
      title:
        lost === null
          ? `The connection "${name}" ${isOver ? "has expired" : "expires soon"}`
          : `The connection "${name}" must be allowed again`,
      detail: lost === null ? when : `The service has not renewed the access since ${lost.toISOString()}.`,
      link: "/connections",
    };
  });
}

async function insecure(
  tx: Transaction,
  orgId: string,
  rule: Of<"security">,
  nowMs: number,
): Promise<Finding[]> {
  const { rows } = await tx.query<{ id: string; title: string; detail: string }>(
    `SELECT id, title, detail FROM security_findings
     WHERE org_id = $1 AND seen_at IS NULL AND last_at > to_timestamp($2::float8 / 1000)
     ORDER BY last_at DESC LIMIT ${FOUND_MAX}`,
    [orgId, nowMs - rule.withinDays * 86_400_000],
  );
  return rows.map(({ id, title, detail }) => ({
    ...{ key: `finding/${id}`, title, detail },
    link: "/incidents?view=findings",
  }));
}
