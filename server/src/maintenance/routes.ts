// Routes of limits and of maintenance.
import { endpoints, type Maintenance, type WorkflowLimits } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { type Transaction, withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { type Answer, type Caller, type Route, route } from "../platform/http.ts";
import { notInList, pageOf } from "../platform/page.ts";
import { say } from "../platform/say.ts";
import { missingPools } from "../pools/findPools.ts";
import { dayAt } from "./day.ts";
import { countOpen, loadStarts } from "./guardStore.ts";
import {
  findLimits,
  findMaintenance,
  findTimezone,
  type LimitsPlace,
  listLimits,
  putLimits,
  putMaintenance,
  type StoredLimits,
  workflowExists,
} from "./store.ts";

export function maintenanceRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listWorkflowLimits, async ({ query, caller: { orgId } }) => {
      const before = limitsPlaceAfter(query.after);
      const rows = await withTenant(deps.api, orgId, (tx) =>
        listLimits(tx, { orgId, before, limit: query.limit + 1 }),
      );
      return { json: pageOf(rows, query.limit, keyOf, (row) => ({ ...limitsView(row), ...named(row) })) };
    }),
    route(endpoints.getWorkflowLimits, ({ params, caller }) => showLimits(deps, caller, params.id)),
    route(endpoints.putWorkflowLimits, async ({ params, body, caller }) => {
      const { orgId } = caller;
      const { rate, dailyMax, openMax, pauseAfterFailures, paused, pool, places, priority, fairKey } = body;
      refuseFairKey(deps, fairKey);
      await withTenant(deps.api, orgId, async (tx) => {
        if (!(await workflowExists(tx, orgId, params.id))) throw notFound("workflow with this id");
        if (pool !== undefined) await refuseUnknownPool(tx, orgId, pool);
        await putLimits(tx, {
          ...{
            orgId,
            workflowId: params.id,
            rateCount: rate?.count ?? null,
            rateSeconds: rate?.seconds ?? null,
          },
          ...{ dailyMax: dailyMax ?? null, openMax: openMax ?? null, paused },
          ...{
            pauseAfterFailures: pauseAfterFailures ?? null,
            pauseReason: paused ? say("workflow.pausedBy", { actor: caller.actor }) : null,
          },
          ...{ pool: pool ?? null, places, priority, fairKey: fairKey ?? null },
        });
      });
      await deps.guard.reload();
      await deps.gate.refresh();
      return showLimits(deps, caller, params.id);
    }),
    route(endpoints.getMaintenance, ({ caller }) => showMaintenance(deps, caller)),
    route(endpoints.putMaintenance, async ({ body, caller }) => {
      const { orgId, actor } = caller;
      const untilMs = body.minutes === undefined ? null : deps.nowMs() + body.minutes * 60_000;
      await withTenant(deps.api, orgId, (tx) =>
        putMaintenance(tx, { orgId, actor, isOn: body.isOn, reason: body.reason ?? null, untilMs }),
      );
      await deps.guard.reload();
      return showMaintenance(deps, caller);
    }),
  ];
}

async function showLimits(deps: Deps, { orgId, envId }: Caller, id: string): Promise<Answer> {
  const { row, timezone } = await withTenant(deps.api, orgId, async (tx) => {
    if (!(await workflowExists(tx, orgId, id))) throw notFound("workflow with this id");
    return { row: await findLimits(tx, orgId, id), timezone: await findTimezone(tx, orgId) };
  });
  const now = deps.nowMs();
  const about = { workflowId: id, rateSeconds: row?.rateSeconds ?? null, day: dayAt(now, timezone) };
  const { starts, today } = await loadStarts(deps.journal, about, now);
  const open = await countOpen(deps.journal, {
    ...{ orgId, envId, workflowId: id, workflowName: "", versionId: "", mode: "production", items: [] },
  });
  const json: WorkflowLimits = {
    ...limitsView(row),
    ...{ startsInWindow: starts.length, startsToday: today, timezone, open },
  };
  return { json };
}

function limitsView(row: StoredLimits | undefined) {
  return {
    ...(row?.rateCount && row.rateSeconds
      ? { rate: { count: row.rateCount, seconds: row.rateSeconds } }
      : {}),
    ...(row?.dailyMax ? { dailyMax: row.dailyMax } : {}),
    ...(row?.openMax ? { openMax: row.openMax } : {}),
    ...(row?.pauseAfterFailures ? { pauseAfterFailures: row.pauseAfterFailures } : {}),
    ...(row?.pool ? { pool: row.pool } : {}),
    ...(row?.fairKey ? { fairKey: row.fairKey } : {}),
    ...{ places: row?.places ?? 1, priority: row?.priority ?? 0 },
    ...{ paused: row?.paused ?? false, pauseReason: row?.pauseReason ?? null, failures: row?.failures ?? 0 },
    ...{ pauseParts: row?.pauseParts ?? null, pausedAt: row?.pausedAt?.toISOString() ?? null },
  };
}

/** Pausing moves a workflow in the list, so that the key says on which side the last one seen was. */
function keyOf({ paused, workflowId }: LimitsPlace): string {
  return `${paused ? 1 : 0} ${workflowId}`;
}

function limitsPlaceAfter(after: string | undefined): LimitsPlace | null {
  if (after === undefined) return null;
  const key = Buffer.from(after, "base64url").toString();
  const [, paused, workflowId] = /^([01]) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(key) ?? [];
  if (workflowId === undefined) throw notInList();
  return { paused: paused === "1", workflowId };
}

function named({ workflowId, workflowName }: { workflowId: string; workflowName: string }) {
  return { workflowId, workflowName };
}

async function refuseUnknownPool(tx: Transaction, orgId: string, pool: string): Promise<void> {
  if ((await missingPools(tx, orgId, [pool])).length === 0) return;
  const message = `There is no pool "${pool}".`;
  throw refuse(422, "LIMITS_INVALID", message, "Make the pool first: PUT /api/v1/pools/:name.", {
    problems: [{ code: "UNKNOWN_POOL", message, remedy: "Make it first.", path: "/pool", field: "pool" }],
  });
}

function refuseFairKey(deps: Deps, fairKey: string | undefined): void {
  const problem = fairKey === undefined ? undefined : deps.startKeys.problemOf(fairKey);
  if (problem === undefined) return;
  const remedy = "Write an expression over the input, for example {{ $json.customer }}.";
  throw refuse(422, "LIMITS_INVALID", `The fair key cannot be read: ${problem}`, remedy, {
    problems: [{ code: "FAIR_KEY", message: problem, remedy, path: "/fairKey", field: "fairKey" }],
  });
}

async function showMaintenance(deps: Deps, { orgId }: Caller): Promise<Answer> {
  const row = await withTenant(deps.api, orgId, (tx) => findMaintenance(tx, orgId));
  const isOver = row?.until !== null && row !== undefined && row.until.getTime() <= deps.nowMs();
  const json: Maintenance = {
    isOn: row?.isOn === true && !isOver,
    reason: row?.reason ?? null,
    until: row?.until?.toISOString() ?? null,
    by: row?.by ?? null,
  };
  return { json };
}
