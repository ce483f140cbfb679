// Classes of data that are kept for a time, with what an organization may choose, and how each is swept. Closed executions
// and their payloads have ways of their own (retain.ts, sweepPayloads.ts), and so has the audit log (audit/leaveOldEntries.ts).
import type { RetentionClass } from "@auraos/contract";

/** `defaultDays`: null = for ever. */
export type ClassBounds = { defaultDays: number | null; minDays: number; maxDays: number };

/** `executionDays`: what the operator keeps executions for (AURAOS_RETENTION_DAYS). */
export function boundsOf(name: RetentionClass, executionDays: number): ClassBounds {
  const given = DEFAULTS[name];
  const defaultDays = given === undefined ? executionDays : given;
  return { defaultDays, minDays: MINIMA[name] ?? 1, maxDays: 36_500 };
}

const DEFAULTS: Partial<Record<RetentionClass, number | null>> = {
  events: 7,
  taskRuns: 90,
  scheduleFires: 90,
  alerts: 365,
  invitations: 90,
  sessions: 30,
  statistics: 400,
  reveals: 1095,
  audit: null,
};

/** Who looked at hidden values stays known for a year at least, and what was done for a quarter. */
const MINIMA: Partial<Record<RetentionClass, number>> = { reveals: 365, audit: 90 };

/**
 * Rows of one organization ($1) that are older than a moment ($2, ms since 1970), a batch at a time. `guard`: what must be
 * true besides; rows of what is held stay.
 */
export type RowSweep = { table: string; at: string; guard?: string };

const NOT_HELD = (execution: string, workflow: string) =>
  `NOT (EXISTS (SELECT 1 FROM legal_holds h WHERE h.org_id = $1 AND h.released_at IS NULL)
    AND is_held(${execution}, ${workflow}, NULL))`;

export const rowSweeps: Partial<Record<RetentionClass, readonly RowSweep[]>> = {
  events: [
    { table: "event_dead", at: "at" },
    {
      table: "events",
      at: "received_at",
      guard: `position <= (SELECT s.routed FROM event_streams s WHERE s.org_id = $1)
        AND NOT EXISTS (SELECT 1 FROM event_held h WHERE h.org_id = $1 AND h.position = events.position)
        AND NOT EXISTS (SELECT 1 FROM event_dead d WHERE d.org_id = $1 AND d.position = events.position)`,
    },
  ],
  taskRuns: [
    {
      table: "task_executions",
      at: "completed_at",
      guard: `status NOT IN ('waiting', 'queued', 'running') AND ${NOT_HELD("execution_id", "workflow_id")}`,
    },
  ],
  scheduleFires: [
    {
      table: "schedule_fires",
      at: "due",
      guard: `NOT (outcome = 'buffered' OR (outcome = 'started' AND ended IS NULL)) AND ${NOT_HELD(
        "execution_id",
        "(SELECT s.workflow_id FROM schedules s WHERE s.id = schedule_id)",
      )}`,
    },
  ],
  alerts: [{ table: "alerts", at: "resolved_at", guard: "status = 'resolved'" }],
  invitations: [{ table: "invitations", at: "coalesce(accepted_at, revoked_at, expires_at)" }],
  statistics: [{ table: "stat_minutes", at: "minute" }],
  reveals: [{ table: "reveals", at: "at", guard: NOT_HELD("execution_id", "workflow_id") }],
};
