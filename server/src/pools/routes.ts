// Routes of pools.
import { endpoints, type Pool } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Answer, type Caller, type Route, route } from "../platform/http.ts";
import { explainQueued } from "./explain.ts";
import { deletePool, savePool } from "./savePool.ts";
import { listPools, listQueue, type PoolRow } from "./store.ts";

const SHOWN_MAX = 500;

export function poolRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listPools, async ({ caller: { orgId } }) => {
      const rows = await withTenant(deps.api, orgId, (tx) => listPools(tx, orgId, null, deps.nowMs()));
      return { json: { items: rows.map(poolView) } };
    }),
    route(endpoints.putPool, async ({ params, body, caller, header }) => {
      await savePool(deps, caller, { name: params.name, body, ifMatch: header("if-match") });
      return show(deps, caller, params.name);
    }),
    route(endpoints.getPool, ({ params, caller }) => show(deps, caller, params.name)),
    route(endpoints.deletePool, async ({ params, caller }) => {
      await deletePool(deps, caller, params.name);
      return { empty: true };
    }),
    route(endpoints.poolWaiting, async ({ params, caller: { orgId } }) =>
      withTenant(deps.api, orgId, async (tx) => {
        const [found] = await listPools(tx, orgId, [params.name], deps.nowMs());
        if (!found) throw notFound("pool with this name");
        const about = { orgId, pool: params.name, limit: SHOWN_MAX };
        const queued = await listQueue(tx, { ...about, status: "queued" });
        const running = await listQueue(tx, { ...about, status: "running" });
        const reasons = await explainQueued(tx, { orgId, nowMs: deps.nowMs() }, queued);
        const placesOf = (resources: string) =>
          (JSON.parse(resources) as Record<string, number>)[params.name] ?? 1;
        return {
          json: {
            items: queued.map((row, index) => ({
              ...{
                runId: row.id,
                taskId: row.taskId,
                task: row.task,
                key: row.fairKey,
                priority: row.priority,
              },
              ...{ places: placesOf(row.resources), since: row.since.toISOString(), position: index + 1 },
              reason: reasons.get(row.id) ?? "",
            })),
            holders: running.map((row) => ({
              ...{ runId: row.id, taskId: row.taskId, task: row.task, places: placesOf(row.resources) },
              since: row.since.toISOString(),
            })),
          },
        };
      }),
    ),
  ];
}

async function show(deps: Deps, caller: Caller, name: string): Promise<Answer> {
  const { orgId } = caller;
  const [row] = await withTenant(deps.api, orgId, (tx) => listPools(tx, orgId, [name], deps.nowMs()));
  if (!row) throw notFound("pool with this name", "GET /api/v1/pools lists those there are.");
  const json = poolView(row);
  return { json, headers: { etag: json.etag } };
}

function poolView(row: PoolRow): Pool {
  const { name, scope, scopeId, slots, rateCount, rateSeconds, paused, used, waiting, starts } = row;
  return {
    ...{ name, scope, paused, used, waiting, startsInWindow: starts },
    ...(scopeId === null ? {} : { scopeId }),
    ...(slots === null ? {} : { slots }),
    ...(rateCount === null || rateSeconds === null
      ? {}
      : { rate: { count: rateCount, seconds: rateSeconds } }),
    weights: JSON.parse(row.weights) as Record<string, number>,
    etag: `"${row.revision}"`,
    updatedAt: row.updatedAt.toISOString(),
  };
}
