// Tasks whose time has come: the flow is planned in the transaction that moves the clock on, so a due time is planned
// once, whoever does it and whatever crashes.
import type { TaskScheduleBody } from "@auraos/contract";
import { type Pool, transaction } from "../platform/db.ts";
import { nextDue } from "../schedules/ruleTimes.ts";
import { planFlow } from "./planFlow.ts";
import { type DueSchedule, loadDueSchedules } from "./runnerStore.ts";

const LATE_MS = 60_000;

type Parts = {
  pool: Pool;
  newId: () => string;
  log: (level: "warn" | "error", text: string, more: Record<string, unknown>) => void;
};

/** True = runs were planned. */
export async function fireDue(parts: Parts, nowMs: number): Promise<boolean> {
  const due = await loadDueSchedules(parts.pool, nowMs);
  let isAny = false;
  for (const one of due) {
    try {
      if (await fireOne(parts, one, nowMs)) isAny = true;
    } catch (error) {
      parts.log("warn", "a task that is due could not be planned; it is tried again", {
        task: one.taskId,
        error,
      });
    }
  }
  return isAny;
}

async function fireOne(parts: Parts, one: DueSchedule, nowMs: number): Promise<boolean> {
  const spec = JSON.parse(one.spec) as TaskScheduleBody;
  return transaction(parts.pool, async (tx) => {
    const times = await nextDue(tx, { orgId: one.orgId, id: one.taskId, spec, dueMs: one.dueMs, nowMs });
    const { rowCount } = await tx.query(
      `UPDATE task_schedules SET next_run_at = to_timestamp($3::float8 / 1000)
       WHERE task_id = $1 AND next_run_at = to_timestamp($2::float8 / 1000) AND is_active`,
      [one.taskId, one.dueMs, times.nextMs],
    );
    if (rowCount !== 1) return false;
    const isMissed = nowMs - times.lastMs > LATE_MS;
    if (isMissed && spec.missed === "none") return false;
    const key = `schedule/${new Date(times.lastMs).toISOString()}`;
    if (spec.overlap === "skip" && (await skippedForOpen(tx, parts, one, key, times.lastMs))) return true;
    const planned = await planFlow(
      tx,
      {
        ...{
          orgId: one.orgId,
          envId: one.envId,
          taskId: one.taskId,
          kind: "schedule",
          key,
          dueMs: times.lastMs,
        },
        ...{ actor: "schedule", downstream: true, upstream: false, ignoresNeeds: false },
      },
      parts.newId,
    );
    return planned !== undefined;
  });
}

async function skippedForOpen(
  tx: Parameters<Parameters<typeof transaction>[1]>[0],
  parts: Parts,
  one: DueSchedule,
  key: string,
  dueMs: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO task_executions (id, org_id, task_id, env_id, flow_id, kind, key, due, status, reason, reason_parts,
       started_at, completed_at, actor)
     SELECT $1, $2, $3, $4, $1, 'schedule', $5, to_timestamp($6::float8 / 1000), 'skipped',
       'Run ' || r.id || ' is still open (overlap: skip).',
       jsonb_build_array(jsonb_build_object('code', 'task.overlap', 'parameters', jsonb_build_object('run', r.id))),
       NULL, now(), 'schedule'
     FROM task_executions r WHERE r.task_id = $3 AND r.status IN ('waiting', 'queued', 'running') LIMIT 1
     ON CONFLICT (task_id, key) DO NOTHING`,
    [parts.newId(), one.orgId, one.taskId, one.envId, key, dueMs],
  );
  return rowCount === 1;
}
