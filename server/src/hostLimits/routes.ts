// Routes of the limits of hosts and of connections.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Route, route } from "../platform/http.ts";
import { connectionKey } from "./limiter.ts";
import { deleteLimit, type LimitRow, listLimits, putLimit } from "./store.ts";

export function hostLimitRoutes({ api, hostLimits }: Deps): Route[] {
  return [
    route(endpoints.listHostLimits, async ({ caller: { orgId } }) => {
      const rows = await withTenant(api, orgId, (tx) => listLimits(tx, orgId, "hosts"));
      return { json: { items: rows.map(view) } };
    }),
    route(endpoints.putHostLimit, async ({ params, body, caller: { orgId, actor } }) => {
      const row = await withTenant(api, orgId, (tx) =>
        putLimit(tx, { orgId, host: params.host, ...body, actor }),
      );
      await hostLimits.reload();
      return { json: view(row) };
    }),
    route(endpoints.deleteHostLimit, async ({ params, caller: { orgId } }) => {
      const wasThere = await withTenant(api, orgId, (tx) => deleteLimit(tx, orgId, params.host));
      if (!wasThere) throw notFound("limit for this host", "GET /api/v1/host-limits lists those there are.");
      await hostLimits.reload();
      return { empty: true };
    }),
    route(endpoints.listConnectionLimits, async ({ caller: { orgId } }) => {
      const rows = await withTenant(api, orgId, (tx) => listLimits(tx, orgId, "connections"));
      return { json: { items: rows.map(viewOfConnection) } };
    }),
    route(endpoints.putConnectionLimit, async ({ params, body, caller: { orgId, actor } }) => {
      const host = connectionKey(params.connection);
      const row = await withTenant(api, orgId, (tx) => putLimit(tx, { orgId, host, ...body, actor }));
      await hostLimits.reload();
      return { json: viewOfConnection(row) };
    }),
    route(endpoints.deleteConnectionLimit, async ({ params, caller: { orgId } }) => {
      const key = connectionKey(params.connection);
      const wasThere = await withTenant(api, orgId, (tx) => deleteLimit(tx, orgId, key));
      if (!wasThere)
        throw notFound("limit for this connection", "GET /api/v1/connection-limits lists those there are.");
      await hostLimits.reload();
      return { empty: true };
    }),
  ];
}

function view({ host, ...row }: LimitRow) {
  return { host, ...numbersOf(row) };
}

function viewOfConnection({ host, ...row }: LimitRow) {
  return { connection: host.slice(connectionKey("").length), ...numbersOf(row) };
}

function numbersOf({ concurrency, requests, perSeconds, updatedAt }: Omit<LimitRow, "host">) {
  return { concurrency, requests, perSeconds, updatedAt: updatedAt.toISOString() };
}
