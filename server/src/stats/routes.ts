// Statistics of executions, nodes and workers, exact at any moment (engine/postgres/stats.ts).
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { readStats } from "../engine/postgres/stats.ts";
import { firstIdAt } from "../executions/executionTime.ts";
import { hiddenMessage } from "../executions/hiddenFields.ts";
import { withTenant } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { type Route, route } from "../platform/http.ts";
import { listFailureCauses, listWorkflowNames } from "./store.ts";
import { type Step, summariseStats, summariseTime } from "./summariseStats.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const RANGE_DAYS_MAX = 366;
const STEPS_MAX = 1_500;

export function statsRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.getStats, async ({ query, caller }) => {
      const { fromMs, toMs } = rangeOf(deps, query);
      const minutes = await readStats(deps.journal, {
        orgId: caller.orgId,
        ...(query.workflow === undefined ? {} : { workflowId: query.workflow }),
        // Minutes are whole: the one that `from` is in counts.
        fromMs: Math.floor(fromMs / 60_000) * 60_000,
        toMs,
      });
      const rows =
        query.by === "time"
          ? summariseTime(minutes, timeSteps(fromMs, toMs, query.stepSeconds))
          : summariseStats(minutes, query.by);
      const ids = [...new Set(rows.flatMap((row) => row.workflowId ?? []))];
      const names = await withTenant(deps.api, caller.orgId, (tx) =>
        listWorkflowNames(tx, caller.orgId, ids),
      );
      const items = rows.map((row) => ({ ...row, name: nameOf(row, names) }));
      return { json: { by: query.by, from: iso(fromMs), to: iso(toMs), items } };
    }),
    route(endpoints.listFailureCauses, async ({ query, caller }) => {
      const { fromMs, toMs } = rangeOf(deps, query);
      const range = { fromId: firstIdAt(fromMs), toId: firstIdAt(toMs), limit: query.limit };
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listFailureCauses(tx, { orgId: caller.orgId, ...range }),
      );
      const items = rows.map((row) => ({
        ...row,
        message: hiddenMessage(deps, caller, row.workflowId, row.message ?? ""),
        lastAt: row.lastAt.toISOString(),
      }));
      return { json: { from: iso(fromMs), to: iso(toMs), items } };
    }),
  ];
}

type Range = { from?: string | undefined; to?: string | undefined };

function rangeOf(deps: Deps, query: Range): { fromMs: number; toMs: number } {
  const toMs = query.to === undefined ? deps.nowMs() : Date.parse(query.to);
  const fromMs = query.from === undefined ? toMs - DAY_MS : Date.parse(query.from);
  if (toMs <= fromMs || toMs - fromMs > RANGE_DAYS_MAX * DAY_MS)
    throw refuse(400, "QUERY_INVALID", "`from` is before `to`, by at most a year.", "Correct the range.");
  return { fromMs, toMs };
}

function timeSteps(fromMs: number, toMs: number, stepSeconds: number): Step {
  const stepMs = Math.floor(stepSeconds / 60) * 60_000;
  if ((toMs - fromMs) / stepMs > STEPS_MAX)
    throw refuse(
      400,
      "QUERY_INVALID",
      `A range of more than ${STEPS_MAX} steps is not summed up.`,
      "Make the range shorter or `stepSeconds` larger.",
    );
  return { fromMs: Math.floor(fromMs / 60_000) * 60_000, toMs, stepMs };
}

function nameOf(row: { key: string; workflowId: string | null }, names: Map<string, string>): string | null {
  return row.workflowId === null ? row.key : (names.get(row.workflowId) ?? null);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
