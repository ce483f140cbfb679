// Plans a flow: a run of a task, with those that hang on it, as rows that wait. All of them are there or none; whatever
// crashes afterwards, the runner finds them. Used by people (tenant's transaction) and by the clock (engine's role).
import { hash } from "node:crypto";
import type { TaskBody } from "@auraos/contract";
import type { Json } from "@auraos/kernel";
import type { Pool, Transaction } from "../platform/db.ts";
import type { PoolLimitRow } from "../pools/gateStore.ts";
import { takesWorkflow } from "../pools/needs.ts";
import { downstreamOf, upstreamOf } from "./graph.ts";
import type { Needed } from "./readiness.ts";

export type Settings = Pick<
  TaskBody,
  | "need"
  | "onUnmet"
  | "onDeadline"
  | "recovery"
  | "fairKey"
  | "resources"
  | "deadlineSeconds"
  | "window"
  | "estimatedSeconds"
  | "retry"
>;

/** What a run carries of its task, so that a later change of the task does not change it. */
export type Plan = Pick<Settings, "need" | "onUnmet" | "onDeadline" | "recovery" | "window" | "retry"> & {
  task: string;
  trigger?: string;
  input?: Json;
  needs: Needed[];
};

export type FlowRequest = {
  orgId: string;
  envId: string;
  taskId: string;
  kind: "manual" | "schedule" | "fallback";
  /** The same key of the task is the same flow. */
  key: string;
  dueMs: number;
  notBeforeMs?: number | undefined;
  actor: string;
  input?: Json | undefined;
  downstream: boolean;
  upstream: boolean;
  /** A person who says run means now, whatever it hangs on. */
  ignoresNeeds: boolean;
  flowId?: string;
};

type PlannedTask = {
  id: string;
  name: string;
  workflowId: string;
  priority: number;
  config: string;
  settings: string;
  measuredMs: number | null;
  hasSchedule: boolean;
  pool: string | null;
  poolPlaces: number | null;
};
type Dependency = { taskId: string; needsTaskId: string; on: Needed["on"]; withinSeconds: number | null };
type PoolScope = Pick<PoolLimitRow, "name" | "scope" | "scopeId">;

export type PlannedFlow = { flowId: string; runId: string; isNew: boolean; runIds: string[] };

export async function planFlow(
  tx: Transaction | Pool,
  request: FlowRequest,
  newId: () => string,
): Promise<PlannedFlow | undefined> {
  const { orgId, taskId } = request;
  const known = await findByKey(tx, orgId, taskId, request.key);
  if (known) return { ...known, isNew: false, runIds: [known.runId] };
  const { tasks, dependencies, pools } = await readGraph(tx, orgId);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  if (!byId.has(taskId)) return undefined;
  const edges = dependencies.map((one) => ({ from: one.needsTaskId, to: one.taskId }));
  const members = new Set([taskId]);
  if (request.upstream) for (const id of upstreamOf(edges, [taskId])) members.add(id);
  // What has a schedule of its own runs by that.
  const follows = edges.filter(({ to }) => byId.get(to)?.hasSchedule !== true);
  if (request.downstream) for (const id of downstreamOf(follows, [...members])) members.add(id);
  const flowId = request.flowId ?? newId();
  const runs = [...members].flatMap((id) => {
    const task = byId.get(id);
    if (!task) return [];
    const needs =
      id === taskId && request.ignoresNeeds && !request.upstream
        ? []
        : dependencies.filter((one) => one.taskId === id).map((one) => neededOf(one, byId));
    const settings = JSON.parse(task.settings) as Settings;
    return [runOf({ task, settings, needs, request, flowId, id: newId(), pools: poolsOf(task, pools) })];
  });
  const inserted = await insertRuns(tx, orgId, runs);
  const root = runs.find((run) => run.taskId === taskId);
  // Somebody else was faster: then the flow is theirs, and nothing of ours was written.
  if (!root || !inserted.has(root.id)) {
    const first = await findByKey(tx, orgId, taskId, request.key);
    return first && { ...first, isNew: false, runIds: [first.runId] };
  }
  return { flowId, runId: root.id, isNew: true, runIds: [...inserted] };
}

function neededOf(one: Dependency, byId: ReadonlyMap<string, PlannedTask>): Needed {
  const name = byId.get(one.needsTaskId)?.name ?? one.needsTaskId;
  return {
    ...{ taskId: one.needsTaskId, task: name, on: one.on },
    ...(one.withinSeconds === null ? {} : { withinSeconds: one.withinSeconds }),
  };
}

type NewRun = ReturnType<typeof runOf>;

function runOf(about: {
  task: PlannedTask;
  settings: Settings;
  needs: Needed[];
  request: FlowRequest;
  flowId: string;
  id: string;
  pools: string[];
}) {
  const { task, settings, needs, request, flowId, id } = about;
  const isRoot = task.id === request.taskId;
  const target = JSON.parse(task.config) as { trigger?: string; input?: Json };
  const input = isRoot && request.input !== undefined ? request.input : target.input;
  const { need, onUnmet, onDeadline, recovery, window, retry, deadlineSeconds } = settings;
  const plan: Plan = {
    ...{ task: task.name, needs, need, onUnmet, onDeadline, recovery },
    ...(window === undefined ? {} : { window }),
    ...(retry === undefined ? {} : { retry }),
    ...(target.trigger === undefined ? {} : { trigger: target.trigger }),
    ...(input === undefined ? {} : { input }),
  };
  const shared = Object.fromEntries(about.pools.map((name) => [name, 1]));
  // Its execution is not asked again: what the workflow takes by itself, the run holds for it.
  if (task.pool !== null) shared[task.pool] = task.poolPlaces ?? 1;
  return {
    id,
    taskId: task.id,
    envId: request.envId,
    workflowId: task.workflowId,
    flowId,
    kind: isRoot ? request.kind : ("dependency" as const),
    key: isRoot ? request.key : `flow/${flowId}`,
    dueMs: request.dueMs,
    notBeforeMs: isRoot ? (request.notBeforeMs ?? null) : null,
    deadlineMs: deadlineSeconds === undefined ? null : request.dueMs + deadlineSeconds * 1000,
    priority: task.priority,
    fairKey: settings.fairKey,
    resources: JSON.stringify({ ...shared, ...settings.resources }),
    plan: JSON.stringify(plan),
    actor: request.actor,
    estimatedMs:
      task.measuredMs ?? (settings.estimatedSeconds === undefined ? null : settings.estimatedSeconds * 1000),
  };
}

function poolsOf(task: PlannedTask & { definition?: string | null }, pools: readonly PoolScope[]): string[] {
  return pools
    .filter((pool) => takesWorkflow(pool, task.workflowId, task.definition))
    .map(({ name }) => name);
}

async function readGraph(tx: Transaction | Pool, orgId: string) {
  const tasks = await tx.query<PlannedTask & { definition: string | null }>(
    `SELECT t.id, t.name, t.workflow_id AS "workflowId", t.priority, t.config::text AS config, t.settings,
       t.measured_ms AS "measuredMs", s.id IS NOT NULL AND s.is_active AS "hasSchedule", l.pool,
       l.pool_places AS "poolPlaces",
       CASE WHEN EXISTS (SELECT 1 FROM pools p WHERE p.org_id = $1 AND p.scope = 'connection')
         THEN w.definition::text END AS definition
     FROM tasks t LEFT JOIN task_schedules s ON s.task_id = t.id LEFT JOIN workflows w ON w.id = t.workflow_id
       LEFT JOIN workflow_limits l ON l.workflow_id = t.workflow_id
     WHERE t.org_id = $1 AND t.workflow_id IS NOT NULL`,
    [orgId],
  );
  const dependencies = await tx.query<Dependency>(
    `SELECT task_id AS "taskId", needs_task_id AS "needsTaskId", condition AS on, within_seconds AS "withinSeconds"
     FROM task_dependencies WHERE org_id = $1 ORDER BY place`,
    [orgId],
  );
  const pools = await tx.query<PoolScope>(
    `SELECT name, scope, scope_id AS "scopeId" FROM pools WHERE org_id = $1 AND scope <> 'named'`,
    [orgId],
  );
  return { tasks: tasks.rows, dependencies: dependencies.rows, pools: pools.rows };
}

async function findByKey(
  tx: Transaction | Pool,
  orgId: string,
  taskId: string,
  key: string,
): Promise<{ flowId: string; runId: string } | undefined> {
  const { rows } = await tx.query<{ flowId: string; runId: string }>(
    `SELECT id AS "runId", flow_id AS "flowId" FROM task_executions WHERE org_id = $1 AND task_id = $2 AND key = $3`,
    [orgId, taskId, key],
  );
  return rows[0];
}

/** The first is the root: when it is there already, none of the others is written either. */
async function insertRuns(
  tx: Transaction | Pool,
  orgId: string,
  runs: readonly NewRun[],
): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>(
    `WITH given AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
         $9::float8[], $10::float8[], $11::float8[], $12::int[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bigint[])
         WITH ORDINALITY AS g (id, task, env, workflow, flow, kind, key, due, not_before, deadline, priority, fair_key,
           resources, plan, actor, estimated, place)),
       root AS (INSERT INTO task_executions (id, org_id, task_id, env_id, workflow_id, flow_id, kind, key, due, not_before,
           deadline_at, priority, fair_key, resources, plan, actor, estimated_ms, status, started_at)
         SELECT g.id, $1, g.task, g.env, g.workflow, g.flow, g.kind, g.key, to_timestamp(g.due / 1000),
           to_timestamp(g.not_before / 1000), to_timestamp(g.deadline / 1000), g.priority, g.fair_key, g.resources, g.plan,
           g.actor, g.estimated, 'waiting', NULL FROM given g WHERE g.place = 1
         ON CONFLICT (task_id, key) DO NOTHING RETURNING id),
       rest AS (INSERT INTO task_executions (id, org_id, task_id, env_id, workflow_id, flow_id, kind, key, due, not_before,
           deadline_at, priority, fair_key, resources, plan, actor, estimated_ms, status, started_at)
         SELECT g.id, $1, g.task, g.env, g.workflow, g.flow, g.kind, g.key, to_timestamp(g.due / 1000),
           to_timestamp(g.not_before / 1000), to_timestamp(g.deadline / 1000), g.priority, g.fair_key, g.resources, g.plan,
           g.actor, g.estimated, 'waiting', NULL FROM given g WHERE g.place > 1 AND EXISTS (SELECT 1 FROM root)
         ON CONFLICT (task_id, key) DO NOTHING RETURNING id)
     SELECT id FROM root UNION ALL SELECT id FROM rest`,
    [
      ...[orgId, runs.map(({ id }) => id), runs.map(({ taskId }) => taskId), runs.map(({ envId }) => envId)],
      ...[runs.map(({ workflowId }) => workflowId), runs.map(({ flowId }) => flowId)],
      ...[runs.map(({ kind }) => kind), runs.map(({ key }) => key), runs.map(({ dueMs }) => dueMs)],
      ...[runs.map(({ notBeforeMs }) => notBeforeMs), runs.map(({ deadlineMs }) => deadlineMs)],
      ...[runs.map(({ priority }) => priority), runs.map(({ fairKey }) => fairKey)],
      ...[
        runs.map(({ resources }) => resources),
        runs.map(({ plan }) => plan),
        runs.map(({ actor }) => actor),
      ],
      runs.map(({ estimatedMs }) => estimatedMs),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Of a request's key, short enough for every key. */
export function manualKey(idempotencyKey: string | undefined, id: string): string {
  return `manual/${idempotencyKey === undefined ? id : hash("sha256", idempotencyKey, "hex")}`;
}
