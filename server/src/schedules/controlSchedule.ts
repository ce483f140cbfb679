// What people do to a schedule that exists: pause, resume, delete, fire now.
import type { Deps } from "../deps.ts";
import { startExecution, startKey } from "../executions/startExecution.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { publishedTarget } from "../workflows/findTarget.ts";
import { givenUp, pausedReason } from "./catchUp.ts";
import { compiled, nextOf, specOf } from "./compile.ts";
import { insertMissed, insertStarted } from "./fireStore.ts";
import { nextFire } from "./fires.ts";
import { ownSchedule, refuseManaged } from "./saveSchedule.ts";
import { findStarted } from "./schedulerStore.ts";
import type { CompiledSpec } from "./spec.ts";
import { dueKey, fireItem } from "./startFire.ts";
import { deleteSchedules, findSchedule, type ScheduleRow, setNext, setPaused } from "./store.ts";

export async function pauseSchedule(
  deps: Deps,
  caller: Caller,
  id: string,
  reason: string | undefined,
): Promise<void> {
  const { orgId, actor } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const row = await ownSchedule(tx, orgId, id);
    if (!row.paused) await setPaused(tx, { orgId, id, paused: true, reason: reason ?? null, actor });
  });
  await deps.schedules.sync();
}

/**
 * From now on: what was due during the pause was not wanted, and is no missed fire. What was due before it and had not
 * been settled by then is given up as well, and the history says so.
 */
export async function resumeSchedule(deps: Deps, caller: Caller, id: string): Promise<void> {
  const { orgId, actor } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const row = await ownSchedule(tx, orgId, id);
    if (!row.paused) return;
    const spec = await compiled(tx, orgId, specOf(JSON.parse(row.spec)), id);
    await setPaused(tx, { orgId, id, paused: false, reason: null, actor });
    await settleBefore(deps, tx, spec, row);
    await setNext(tx, { orgId, id, ...nextOf(spec, deps.nowMs()) });
  });
  await deps.schedules.sync();
}

async function settleBefore(
  deps: Deps,
  tx: Transaction,
  spec: CompiledSpec,
  row: ScheduleRow,
): Promise<void> {
  const { id, orgId, workflowId, nextDue, pausedAt } = row;
  const untilMs = pausedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  let dueMs = nextDue?.getTime() ?? Number.POSITIVE_INFINITY;
  if (dueMs > untilMs) return;
  const about = { orgId, scheduleId: id };
  // The next one may have been started and, after a crash, not been written down.
  const executionId = await findStarted(tx, { workflowId, scheduleId: id, dueMs });
  if (executionId !== undefined) {
    const fire = { id: deps.newId(), ...about, key: dueKey(dueMs), dueMs, executionId };
    await insertStarted(tx, { ...fire, kind: "schedule" });
    dueMs = nextFire(spec, dueMs)?.atMs ?? Number.POSITIVE_INFINITY;
    if (dueMs > untilMs) return;
  }
  const given = givenUp(spec, dueMs, untilMs + 1);
  const reason = pausedReason(dueMs, given);
  const key = `${dueKey(dueMs)}/missed`;
  await insertMissed(tx, { id: deps.newId(), ...about, key, dueMs, count: given.count, reason });
}

export async function deleteSchedule(deps: Deps, caller: Caller, id: string): Promise<void> {
  const { orgId } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    refuseManaged(await ownSchedule(tx, orgId, id));
    await deleteSchedules(tx, orgId, [id]);
  });
  await deps.schedules.sync();
}

export async function triggerSchedule(
  deps: Deps,
  caller: Caller,
  id: string,
  idempotencyKey: string | undefined,
): Promise<string> {
  const { orgId, envId, actor } = caller;
  const row = await withTenant(deps.api, orgId, (tx) => findSchedule(tx, orgId, id));
  if (!row) throw notFound("schedule with this id");
  const target = await publishedTarget(deps, caller, row.workflowId);
  const fireId = deps.newId();
  const prefix = `schedule/${id}/manual`;
  const key = startKey(idempotencyKey ?? fireId, prefix, Buffer.alloc(0));
  const now = deps.nowMs();
  const started = await startExecution(deps, {
    orgId,
    envId,
    ...target,
    mode: "production",
    ...(row.trigger === null ? {} : { trigger: row.trigger }),
    items: [fireItem(row, { dueMs: now, firedMs: now, isMissed: false })],
    ...(key === undefined ? {} : { key }),
    actor,
    cause: `schedule/${id}`,
  });
  await withTenant(deps.api, orgId, (tx) =>
    insertStarted(tx, {
      kind: "manual",
      id: fireId,
      orgId,
      scheduleId: id,
      key: `manual/${idempotencyKey ?? fireId}`,
      dueMs: now,
      executionId: started.id,
    }),
  );
  await deps.schedules.sync();
  return started.id;
}
