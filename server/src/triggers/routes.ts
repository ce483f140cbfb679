// Routes of triggers.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { listTriggers, type TriggerRow } from "./store.ts";

export function triggerRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listTriggers, async ({ query, caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listTriggers(tx, {
          orgId: caller.orgId,
          workflow: query.workflow ?? null,
          state: query.state ?? null,
          before: placeAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      return { json: pageOf(rows, query.limit, (row) => row.id, view) };
    }),
  ];
}

function view({ lastEventAt, ...row }: TriggerRow) {
  return { ...row, lastEventAt: lastEventAt?.toISOString() ?? null };
}
