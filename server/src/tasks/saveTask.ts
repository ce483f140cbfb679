// Creates, replaces, pauses and deletes tasks. Task, dependencies and schedule change in one transaction; a circle is
// refused with its path, and the graph is locked while that is judged.
import type { TaskBody } from "@auraos/contract";
import type { Problem } from "@auraos/kernel";
import { isZone } from "@auraos/nodes/date/zone.ts";
import type { Deps } from "../deps.ts";
import { sqlState, type Transaction, withTenant } from "../platform/db.ts";
import { notFound, type Refusal, refuse } from "../platform/errors.ts";
import { isMeant } from "../platform/etag.ts";
import type { Caller } from "../platform/http.ts";
import { missingPools } from "../pools/findPools.ts";
import { checkedNext } from "../schedules/ruleTimes.ts";
import { findCycle } from "./graph.ts";
import {
  deleteTaskSchedule,
  findTask,
  findTaskIds,
  insertTask,
  listDependencies,
  lockGraph,
  putTaskSchedule,
  deleteTask as removeRow,
  replaceDependencies,
  setScheduleActive,
  setTaskPaused,
  type TaskRow,
  updateTask,
} from "./store.ts";
import { resolveTarget, retireTarget, type Target } from "./target.ts";

export async function createTask(deps: Deps, caller: Caller, body: TaskBody): Promise<string> {
  refuseWrongFields(body);
  const id = deps.newId();
  await withTenant(deps.api, caller.orgId, (tx) => refuseTaken(tx, caller.orgId, body.name, undefined));
  const target = await resolveTarget(deps, caller, body, null);
  const paused = body.paused === true;
  await orRetired(deps, caller, target, null, () =>
    inGraph(deps, caller, async (tx) => {
      await insertTask(tx, {
        ...columnsOf(id, caller.orgId, body, target),
        ...{ envId: caller.envId, actor: caller.actor, paused },
      });
      await putRest(deps, tx, caller, { id, body, paused });
    }),
  );
  deps.tasks.sync();
  return id;
}

export async function replaceTask(
  deps: Deps,
  caller: Caller,
  request: { id: string; body: TaskBody; ifMatch: string | undefined },
): Promise<void> {
  const { id, body } = request;
  const { orgId } = caller;
  refuseWrongFields(body);
  const before = await withTenant(deps.api, orgId, async (tx) => {
    const row = await ownTask(tx, orgId, id);
    refuseStale(request.ifMatch, row.revision);
    await refuseTaken(tx, orgId, body.name, id);
    return row;
  });
  const target = await resolveTarget(deps, caller, body, before);
  await orRetired(deps, caller, target, before, () =>
    inGraph(deps, caller, async (tx) => {
      const row = await ownTask(tx, orgId, id);
      refuseStale(request.ifMatch, row.revision);
      await updateTask(tx, columnsOf(id, orgId, body, target));
      const paused = body.paused ?? row.paused;
      if (paused !== row.paused) await setTaskPaused(tx, { orgId, id, paused });
      await putRest(deps, tx, caller, { id, body, paused });
    }),
  );
  if (before.hasOwnWorkflow && before.workflowId !== null && before.workflowId !== target.workflowId)
    await retireTarget(deps, caller, before.workflowId);
  deps.tasks.sync();
}

export async function setPaused(deps: Deps, caller: Caller, id: string, paused: boolean): Promise<void> {
  const { orgId } = caller;
  await withTenant(deps.api, orgId, async (tx) => {
    const row = await ownTask(tx, orgId, id);
    if (row.paused === paused) return;
    await setTaskPaused(tx, { orgId, id, paused });
    if (row.schedule === null) return;
    // From now on: what was due during the pause was not wanted.
    const spec = JSON.parse(row.schedule) as Record<string, unknown>;
    const nextMs = await checkedNext(tx, { orgId, id, spec, nowMs: deps.nowMs() });
    await setScheduleActive(tx, { orgId, taskId: id, isActive: !paused, nextMs });
  });
  deps.tasks.sync();
}

export async function deleteTask(deps: Deps, caller: Caller, id: string): Promise<void> {
  const { orgId } = caller;
  const row = await withTenant(deps.api, orgId, async (tx) => {
    await lockGraph(tx, orgId);
    const found = await ownTask(tx, orgId, id);
    const users = (await listDependencies(tx, orgId, null)).filter(({ needsTaskId }) => needsTaskId === id);
    if (users.length > 0) {
      const names = await Promise.all(users.slice(0, 3).map(({ taskId }) => findTask(tx, orgId, taskId)));
      throw refuse(
        409,
        "TASK_NEEDED",
        `${names.map((one) => `"${one?.name}"`).join(", ")} hang${names.length === 1 ? "s" : ""} on this task.`,
        "Take the dependency out first.",
      );
    }
    const open = await tx.query(
      "SELECT 1 FROM task_executions WHERE org_id = $1 AND task_id = $2 AND status IN ('waiting', 'queued', 'running') LIMIT 1",
      [orgId, id],
    );
    if (open.rowCount !== 0)
      throw refuse(
        409,
        "TASK_RUN_OPEN",
        "A run of this task is open.",
        "Cancel it first, or wait for its end.",
      );
    await removeRow(tx, orgId, id);
    return found;
  });
  if (row.hasOwnWorkflow && row.workflowId !== null) await retireTarget(deps, caller, row.workflowId);
  deps.tasks.sync();
}

/** Locked: nobody else changes it meanwhile. */
export async function ownTask(tx: Transaction, orgId: string, id: string): Promise<TaskRow> {
  const row = await findTask(tx, orgId, id, { lock: true });
  if (!row) throw notFound("task with this id", "GET /api/v1/tasks lists those there are.");
  return row;
}

/** A workflow that was made for a task goes again when the task is refused. */
async function orRetired(
  deps: Deps,
  caller: Caller,
  target: Target,
  before: TaskRow | null,
  store: () => Promise<void>,
): Promise<void> {
  try {
    await store();
  } catch (error) {
    if (target.isOwn && target.workflowId !== before?.workflowId)
      await retireTarget(deps, caller, target.workflowId);
    throw error;
  }
}

async function inGraph(deps: Deps, caller: Caller, work: (tx: Transaction) => Promise<void>): Promise<void> {
  try {
    await withTenant(deps.api, caller.orgId, async (tx) => {
      await lockGraph(tx, caller.orgId);
      await work(tx);
    });
  } catch (error) {
    if (sqlState(error) === "23505") throw taken();
    throw error;
  }
}

async function putRest(
  deps: Deps,
  tx: Transaction,
  caller: Caller,
  about: { id: string; body: TaskBody; paused: boolean },
): Promise<void> {
  const { orgId, envId } = caller;
  const { id, body, paused } = about;
  await putDependencies(tx, orgId, id, body);
  const missing = await missingPools(tx, orgId, Object.keys(body.resources));
  if (missing.length > 0)
    throw invalidTask(
      missing.map((name) => ({
        ...{ code: "POOL_UNKNOWN", message: `There is no pool "${name}".`, field: "resources" },
        ...{ remedy: "Make it first: PUT /api/v1/pools/NAME.", path: `/resources/${name}` },
      })),
    );
  if (!body.schedule) return deleteTaskSchedule(tx, orgId, id);
  const nextMs = await checkedNext(tx, { orgId, id, spec: body.schedule, nowMs: deps.nowMs() });
  const { cron, timezone = "UTC" } = body.schedule;
  await putTaskSchedule(tx, {
    ...{ id: deps.newId(), orgId, envId, taskId: id, cron: cron ?? null, timezone },
    ...{ spec: JSON.stringify(body.schedule), nextMs, isActive: !paused },
  });
}

async function putDependencies(tx: Transaction, orgId: string, id: string, body: TaskBody): Promise<void> {
  const found = await findTaskIds(
    tx,
    orgId,
    body.dependencies.map(({ task }) => task),
  );
  const problems: Problem[] = [];
  const needs = body.dependencies.flatMap((one, index) => {
    const path = `/dependencies/${index}/task`;
    const other = found.get(one.task);
    if (other) return [{ id: other.id, name: other.name, on: one.on, withinSeconds: one.withinSeconds }];
    problems.push({
      ...{ code: "TASK_UNKNOWN", message: `There is no task "${one.task}".`, path, field: "dependencies" },
      remedy: "Create it first, or correct the name.",
    });
    return [];
  });
  const twice = needs.find((one, index) => needs.findIndex(({ id: other }) => other === one.id) !== index);
  if (twice)
    problems.push({
      ...{ code: "DEPENDENCY_TWICE", message: `"${twice.name}" is needed twice.`, path: "/dependencies" },
      ...{ remedy: "Name it once.", field: "dependencies" },
    });
  if (problems.length > 0) throw invalidTask(problems);
  const others = (await listDependencies(tx, orgId, null)).filter(({ taskId }) => taskId !== id);
  const edges = [
    ...others.map(({ needsTaskId, taskId }) => ({ from: needsTaskId, to: taskId })),
    ...needs.map((one) => ({ from: one.id, to: id })),
  ];
  const cycle = findCycle(edges);
  if (cycle) throw circle(await namesOf(tx, orgId, cycle, { id, name: body.name }));
  await replaceDependencies(tx, { orgId, taskId: id }, needs);
}

async function namesOf(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
  own: { id: string; name: string },
): Promise<string[]> {
  const found = await findTaskIds(tx, orgId, [...new Set(ids)]);
  return ids.map((id) => (id === own.id ? own.name : (found.get(id)?.name ?? id)));
}

function circle(names: readonly string[]): Refusal {
  const path = names.map((name) => `"${name}"`).join(" -> ");
  return refuse(
    409,
    "DEPENDENCY_CYCLE",
    `The dependencies would go in a circle: ${path}.`,
    "Take one of these dependencies out.",
    {
      problems: [
        {
          code: "DEPENDENCY_CYCLE",
          message: path,
          remedy: "Take one of them out.",
          path: "/dependencies",
          field: "dependencies",
        },
      ],
    },
  );
}

function columnsOf(id: string, orgId: string, body: TaskBody, target: Target) {
  const { name, description, run, schedule, priority, owner } = body;
  const { need, onUnmet, deadlineSeconds, onDeadline, window, estimatedSeconds, resources } = body;
  const { fairKey, retry, recovery } = body;
  return {
    ...{ id, orgId, name, description: description ?? null, type: run.kind, priority, owner: owner ?? null },
    ...{ workflowId: target.workflowId, hasOwnWorkflow: target.isOwn },
    config: JSON.stringify(run),
    schedule: schedule === undefined ? null : JSON.stringify(schedule),
    settings: JSON.stringify({
      ...{ need, onUnmet, deadlineSeconds, onDeadline, window, estimatedSeconds, resources },
      ...{ fairKey, retry, recovery },
    }),
  };
}

function refuseWrongFields(body: TaskBody): void {
  const problems: Problem[] = [];
  if (body.window && !isZone(body.window.timezone))
    problems.push({
      ...{ code: "TIMEZONE_UNKNOWN", message: `"${body.window.timezone}" is no time zone.`, field: "window" },
      ...{ remedy: "Use an IANA name such as Europe/Berlin, or UTC.", path: "/window/timezone" },
    });
  for (const [index, rule] of body.recovery.entries())
    if (rule.action === "fallback" && rule.task === undefined)
      problems.push({
        ...{
          code: "FIELD_MISSING",
          message: "A fallback needs the task that takes the place.",
          field: "recovery",
        },
        ...{ remedy: "Name it in `task`.", path: `/recovery/${index}/task` },
      });
  if (problems.length > 0) throw invalidTask(problems);
}

export function invalidTask(problems: readonly Problem[]): Refusal {
  const [first] = problems;
  return refuse(422, "TASK_INVALID", `The task has problems: ${first?.message ?? ""}`, first?.remedy ?? "", {
    problems,
  });
}

async function refuseTaken(
  tx: Transaction,
  orgId: string,
  name: string,
  own: string | undefined,
): Promise<void> {
  const other = (await findTaskIds(tx, orgId, [name])).get(name);
  if (other && other.id !== own) throw taken();
}

function taken(): Refusal {
  return refuse(409, "NAME_TAKEN", "Another task has this name.", "Choose another one.");
}

function refuseStale(ifMatch: string | undefined, revision: number): void {
  if (isMeant(ifMatch, revision)) return;
  throw refuse(
    409,
    "TASK_CHANGED",
    `The task was changed in the meantime: it is at "${revision}".`,
    "Read it again, and store with the new etag.",
    { headers: { etag: `"${revision}"` } },
  );
}
