// Routes of pools.
import { endpoints, type Pool } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Answer, type Caller, type Route, route } from "../platform/http.ts";
import { reasonView } from "../platform/say.ts";
import { AGING_MS } from "./admission.ts";
import { explainQueued, explainStart } from "./explain.ts";
import { deletePool, savePool } from "./savePool.ts";
import { listPools, listQueue, type PoolRow } from "./store.ts";

const SHOWN_MAX = 500;

export function poolRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listPools, async ({ caller: { orgId } }) => {
      const rows = await withTenant(deps.api, orgId, (tx) => listPools(tx, orgId, null, deps.nowMs()));
      return { json: { items: rows.map((row) => poolView(deps, orgId, row)) } };
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
        const starts = deps.gate.of(orgId, params.name);
        const tasks = queued.map((row) => ({
          ...{ kind: "task" as const, id: row.id, ofId: row.taskId, name: row.task, key: row.fairKey },
          ...{ priority: row.priority, places: placesOf(row.resources), since: row.since.toISOString() },
          ...reasonView(reasons.get(row.id)),
        }));
        const executions = starts.waiting.slice(0, SHOWN_MAX).map((one) => ({
          ...{
            kind: "execution" as const,
            id: one.executionId,
            ofId: one.workflowId,
            name: one.workflowName,
          },
          ...{ key: one.fairKey, priority: one.priority, places: one.places[params.name] ?? 1 },
          ...{ since: new Date(one.sinceMs).toISOString(), ...reasonView(explainStart(one)) },
        }));
        const items = [...tasks, ...executions].sort((a, b) => rankOf(a) - rankOf(b)).slice(0, SHOWN_MAX);
        const held = starts.holders.map(({ executionId, workflowId, workflowName, places, sinceMs }) => ({
          ...{ kind: "execution" as const, id: executionId, ofId: workflowId, name: workflowName },
          ...{ places: places[params.name] ?? 1, since: new Date(sinceMs).toISOString() },
        }));
        const holders = running.map((row) => ({
          ...{ kind: "task" as const, id: row.id, ofId: row.taskId, name: row.task },
          ...{ places: placesOf(row.resources), since: row.since.toISOString() },
        }));
        return {
          json: {
            items: items.map((item, index) => ({ ...item, position: index + 1 })),
            holders: [...holders, ...held].slice(0, SHOWN_MAX),
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
  const json = poolView(deps, orgId, row);
  return { json, headers: { etag: json.etag } };
}

/** As in admission.ts: a step of priority is worth a minute of waiting. */
function rankOf({ since, priority }: { since: string; priority: number }): number {
  return Date.parse(since) - priority * AGING_MS;
}

function poolView(deps: Deps, orgId: string, row: PoolRow): Pool {
  const { name, scope, scopeId, slots, rateCount, rateSeconds, paused } = row;
  const { waiting: starts, holders, startsInWindow } = deps.gate.of(orgId, name);
  const used = row.used + holders.reduce((sum, { places }) => sum + (places[name] ?? 0), 0);
  const waiting = row.waiting + starts.length;
  return {
    ...{ name, scope, paused, used, waiting, startsInWindow: startsInWindow ?? row.starts },
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
