// Routes of tasks.
import { endpoints, type TaskBody } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { hiddenRun } from "../executions/hiddenFields.ts";
import { whyQueued } from "../executions/queued.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Answer, type Caller, type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { reasonView, type Said } from "../platform/say.ts";
import { explainQueued } from "../pools/explain.ts";
import { upcomingOf } from "../schedules/ruleTimes.ts";
import { streamTask } from "./monitor.ts";
import { optimizeTasks } from "./optimizeTasks.ts";
import { handleFailure } from "./recovery.ts";
import { findRun, listRuns, openRunsOf, type RunRow } from "./runStore.ts";
import { cancelRun, executeTask, ownTaskRow, retryRun } from "./runTask.ts";
import { createTask, deleteTask, replaceTask, setPaused } from "./saveTask.ts";
import { findTask, findTaskSchedule, listDependencies, listTasks, type TaskRow } from "./store.ts";
import { taskGraph } from "./taskGraph.ts";
import { installTemplate, templates } from "./templates.ts";
import { runView, taskView } from "./view.ts";

export function taskRoutes(deps: Deps): Route[] {
  return [...wholeRoutes(deps), ...runRoutes(deps), ...oneRoutes(deps)];
}

function wholeRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listTasks, async ({ query, caller }) => {
      const { orgId } = caller;
      const page = { orgId, before: placeAfter(query.after), limit: query.limit + 1 };
      return withTenant(deps.api, orgId, async (tx) => {
        const rows = await listTasks(tx, {
          ...page,
          search: query.search ?? null,
          status: query.status ?? null,
        });
        const views = await viewsOf(deps, tx, orgId, rows);
        return {
          json: pageOf(
            views,
            query.limit,
            (view) => view.id,
            (view) => view,
          ),
        };
      });
    }),
    route(endpoints.createTask, async ({ body, caller }) =>
      show(deps, caller, await createTask(deps, caller, body)),
    ),
    route(endpoints.taskGraph, async ({ caller }) => ({ json: await taskGraph(deps, caller.orgId) })),
    route(endpoints.optimizeTasks, async ({ body, caller }) => ({
      json: await optimizeTasks(deps, caller, { apply: body?.apply === true, slots: body?.slots }),
    })),
    route(endpoints.listTaskTemplates, () => ({ json: { items: templates() } })),
    route(endpoints.installTaskTemplate, async ({ params, body, caller }) =>
      show(deps, caller, await installTemplate(deps, caller, params.template, body)),
    ),
  ];
}

function runRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listTaskRuns, async ({ query, caller }) => {
      const { orgId } = caller;
      const page = await withTenant(deps.api, orgId, async (tx) => {
        const rows = await listRuns(tx, {
          ...{ orgId, task: query.task ?? null, flow: query.flow ?? null, status: query.status ?? null },
          ...{ isOpen: query.open === "1", before: placeAfter(query.after), limit: query.limit + 1 },
        });
        const shown = await explained(deps, tx, orgId, rows);
        return pageOf(
          shown,
          query.limit,
          (row) => row.id,
          (row) => runView(row, deps.nowMs()),
        );
      });
      const items = await Promise.all(page.items.map((run) => hiddenRun(deps, caller, run)));
      return { json: { ...page, items } };
    }),
    route(endpoints.getTaskRun, ({ params, caller }) => showRun(deps, caller, params.id)),
    route(endpoints.cancelTaskRun, async ({ params, caller }) => {
      await cancelRun(deps, caller, params.id);
      return showRun(deps, caller, params.id);
    }),
    route(endpoints.retryTaskRun, async ({ params, caller }) => {
      await retryRun(deps, caller, params.id);
      return showRun(deps, caller, params.id);
    }),
  ];
}

function oneRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.getTask, ({ params, caller }) => show(deps, caller, params.id)),
    route(endpoints.updateTask, async ({ params, body, caller, header }) => {
      await replaceTask(deps, caller, { id: params.id, body, ifMatch: header("if-match") });
      return show(deps, caller, params.id);
    }),
    route(endpoints.deleteTask, async ({ params, caller }) => {
      await deleteTask(deps, caller, params.id);
      return { empty: true };
    }),
    route(endpoints.executeTask, async ({ params, body, caller, header }) => {
      const { flowId, runId, runs } = await executeTask(deps, caller, {
        ...{ id: params.id, input: body?.input, downstream: body?.downstream !== false },
        ...{ upstream: body?.upstream === true, delaySeconds: body?.delaySeconds },
        idempotencyKey: header("idempotency-key"),
      });
      const views = runs.map((row) => hiddenRun(deps, caller, runView(row, deps.nowMs())));
      return { json: { flowId, runId, runs: await Promise.all(views) } };
    }),
    route(endpoints.pauseTask, async ({ params, caller }) => {
      await setPaused(deps, caller, params.id, true);
      return show(deps, caller, params.id);
    }),
    route(endpoints.resumeTask, async ({ params, caller }) => {
      await setPaused(deps, caller, params.id, false);
      return show(deps, caller, params.id);
    }),
    route(endpoints.getTaskSchedule, async ({ params, query, caller: { orgId } }) =>
      withTenant(deps.api, orgId, async (tx) => {
        const row = await findTaskSchedule(tx, orgId, params.id);
        if (!row) throw notFound("task with this id that has a schedule");
        const spec = JSON.parse(row.spec) as Record<string, unknown>;
        const about = { orgId, id: params.id, spec, nowMs: deps.nowMs(), count: query.count };
        return {
          json: {
            ...{ taskId: params.id, cron: row.cron, timezone: row.timezone, isActive: row.isActive },
            nextRunAt: row.isActive ? (row.nextRunAt?.toISOString() ?? null) : null,
            fires: row.isActive ? await upcomingOf(tx, about) : [],
          },
        };
      }),
    ),
    route(endpoints.handleTaskFailure, async ({ params, body, caller }) => {
      const row = await ownTaskRow(deps, caller, params.id);
      const { retry, recovery = [] } = JSON.parse(row.settings) as Partial<TaskBody>;
      const { attempt, ...failure } = body;
      const decided = handleFailure({ retry, recovery }, failure, attempt);
      return { json: { ...decided, ...reasonView(decided.reason) } };
    }),
    route(endpoints.streamTask, async ({ params, caller, response }) => {
      await ownTaskRow(deps, caller, params.id);
      await streamTask(deps, { caller, taskId: params.id }, response);
      return { handled: true };
    }),
  ];
}

async function viewsOf(deps: Deps, tx: Transaction, orgId: string, rows: readonly TaskRow[]) {
  const ids = rows.map(({ id }) => id);
  const dependencies = await listDependencies(tx, orgId, ids);
  const open = await openRunsOf(tx, orgId, ids);
  const shown = new Map(
    (await explained(deps, tx, orgId, [...open.values()])).map((run) => [run.taskId, run]),
  );
  return rows.map((row) => taskView(row, dependencies, shown.get(row.id), deps.nowMs()));
}

/**
 * Of what waits for places the reason is asked now: it changes with every start of others. What has its places may still
 * wait for one of its workflow (`settings.concurrency`).
 */
async function explained(
  deps: Deps,
  tx: Transaction,
  orgId: string,
  rows: readonly RunRow[],
): Promise<RunRow[]> {
  const queued = rows.filter(({ status }) => status === "queued");
  const reasons =
    queued.length === 0
      ? new Map<string, Said>()
      : await explainQueued(tx, { orgId, nowMs: deps.nowMs() }, queued);
  for (const { id, status, executionId } of rows) {
    if (status !== "running" || executionId === null) continue;
    const reason = await whyQueued(deps, { orgId }, executionId);
    if (reason !== undefined) reasons.set(id, reason);
  }
  return rows.map((row) => {
    const reason = reasons.get(row.id);
    return reason === undefined ? row : { ...row, ...reasonView(reason) };
  });
}

async function show(deps: Deps, caller: Caller, id: string): Promise<Answer> {
  const { orgId } = caller;
  const view = await withTenant(deps.api, orgId, async (tx) => {
    const row = await findTask(tx, orgId, id);
    return row && (await viewsOf(deps, tx, orgId, [row]))[0];
  });
  if (!view) throw notFound("task with this id", "GET /api/v1/tasks lists those there are.");
  return { json: view, headers: { etag: view.etag } };
}

async function showRun(deps: Deps, caller: Caller, id: string): Promise<Answer> {
  const { orgId } = caller;
  const row = await withTenant(deps.api, orgId, async (tx) => {
    const found = await findRun(tx, orgId, id);
    return found && (await explained(deps, tx, orgId, [found]))[0];
  });
  if (!row) throw notFound("run with this id", "GET /api/v1/tasks/runs lists those there are.");
  return { json: await hiddenRun(deps, caller, runView(row, deps.nowMs())) };
}
