// What a rule finds at this moment, asked of the tables as the tenant. Each finding has a key, so that what stays wrong
// stays one alert, and what is over is noticed.
import type { AlertCondition, SecurityFinding } from "@auraos/contract";
import type { Transaction } from "../platform/db.ts";
import { type Said, say, sayAll } from "../platform/say.ts";

export type Finding = { key: string; title: Said; detail: Said; link: string };

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
  return rows.map(({ id, name, total, failed, error }) => {
    const percent = Math.round((100 * failed) / total);
    const share = { minutes: rule.withinMinutes, percent, allowedPercent: rule.percent };
    return {
      key: `workflow/${id}`,
      title: say("alert.failing.title", { workflow: name, failed, total }),
      detail:
        error === null
          ? say("alert.failing.share", share)
          : say("alert.failing.shareWithError", { ...share, error }),
      link: `/executions?workflow=${id}&status=failed`,
    };
  });
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
  return rows.map(({ id, name, total, took }) => {
    const seconds = Math.round(took * 10) / 10;
    const { percentile, withinMinutes: minutes, seconds: allowedSeconds } = rule;
    return {
      key: `workflow/${id}`,
      title: say("alert.slow.title", { workflow: name, seconds }),
      detail: say("alert.slow.detail", { total, minutes, percentile, seconds, allowedSeconds }),
      link: `/executions?workflow=${id}`,
    };
  });
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
       AND (s.next_due IS NOT NULL OR s.id = $2)
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
    const since =
      last === null ? say("alert.silent.never", {}) : say("alert.silent.last", { at: last.toISOString() });
    const overdue = due !== null && overdueMs > 0 ? [say("alert.silent.due", { at: due.toISOString() })] : [];
    const why = paused ? [say("alert.silent.paused", {})] : overdue;
    const about = { key: `schedule/${id}`, link: `/schedules?open=${id}` };
    const title = say("alert.silent.title", { schedule: name });
    return [{ ...about, title, detail: sayAll([since, ...why]) }];
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
    title: say("alert.approval.title", { title: title ?? name }),
    detail: say("alert.approval.detail", { at: opened.toISOString(), workflow: name }),
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
  return rows.map(({ id, name, at, lost }) => ({
    key: `connection/${id}`,
    ...ofAccess(name, at, lost, nowMs),
    link: "/connections",
  }));
}

function ofAccess(
  connection: string,
  at: Date | null,
  lost: Date | null,
  nowMs: number,
): Pick<Finding, "title" | "detail"> {
  if (lost !== null)
    return {
      title: say("alert.connection.lost", { connection }),
      detail: say("alert.connection.lostAt", { at: lost.toISOString() }),
    };
  const when = { at: at?.toISOString() ?? "" };
  return at !== null && at.getTime() <= nowMs
    ? {
        title: say("alert.connection.expired", { connection }),
        detail: say("alert.connection.expiredAt", when),
      }
    : {
        title: say("alert.connection.expires", { connection }),
        detail: say("alert.connection.expiresAt", when),
      };
}

async function insecure(
  tx: Transaction,
  orgId: string,
  rule: Of<"security">,
  nowMs: number,
): Promise<Finding[]> {
  const { rows } = await tx.query<SecurityRow>(
    `SELECT id, kind, code, parameters, title, detail FROM security_findings
     WHERE org_id = $1 AND seen_at IS NULL AND last_at > to_timestamp($2::float8 / 1000)
     ORDER BY last_at DESC LIMIT ${FOUND_MAX}`,
    [orgId, nowMs - rule.withinDays * 86_400_000],
  );
  return rows.map(({ id, kind, code, parameters, title, detail }) => ({
    key: `finding/${id}`,
    title: { text: title, parts: [{ code: `finding.kind.${kind}`, parameters: {} }] },
    // The watch says it in parts of its own (incidents/detect.ts); what an older release found has none.
    detail: { text: detail, parts: code === null ? null : [{ code: `finding.${code}`, parameters }] },
    link: "/incidents?view=findings",
  }));
}

type SecurityRow = Pick<SecurityFinding, "id" | "kind" | "code" | "parameters" | "title" | "detail">;
