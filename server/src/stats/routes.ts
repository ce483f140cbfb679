// Statistics of executions, nodes and workers, exact at any moment (engine/postgres/stats.ts).
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { readStats } from "../engine/postgres/stats.ts";
import { withTenant } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { type Route, route } from "../platform/http.ts";
import { listWorkflowNames } from "./store.ts";
import { summariseStats } from "./summariseStats.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const RANGE_DAYS_MAX = 366;

export function statsRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.getStats, async ({ query, caller }) => {
      const toMs = query.to === undefined ? deps.nowMs() : Date.parse(query.to);
      const fromMs = query.from === undefined ? toMs - DAY_MS : Date.parse(query.from);
      if (toMs <= fromMs || toMs - fromMs > RANGE_DAYS_MAX * DAY_MS)
        throw refuse(400, "QUERY_INVALID", "`from` is before `to`, by at most a year.", "Correct the range.");
      const minutes = await readStats(deps.journal, {
        orgId: caller.orgId,
        ...(query.workflow === undefined ? {} : { workflowId: query.workflow }),
        // Minutes are whole: the one that `from` is in counts.
        fromMs: Math.floor(fromMs / 60_000) * 60_000,
        toMs,
      });
      const rows = summariseStats(minutes, query.by);
      const ids = [...new Set(rows.flatMap((row) => row.workflowId ?? []))];
      const names = await withTenant(deps.api, caller.orgId, (tx) =>
        listWorkflowNames(tx, caller.orgId, ids),
      );
      const items = rows.map((row) => ({ ...row, name: nameOf(row, names) }));
      return { json: { by: query.by, from: iso(fromMs), to: iso(toMs), items } };
    }),
  ];
}

function nameOf(row: { key: string; workflowId: string | null }, names: Map<string, string>): string | null {
  return row.workflowId === null ? row.key : (names.get(row.workflowId) ?? null);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
