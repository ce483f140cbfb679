// Routes of rights: the permission table, API keys.
import { builtInPermissions, endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { createKey, endKey, keyView } from "./manageKeys.ts";
import { listKeys } from "./store.ts";

export function accessRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.getPermissions, () => ({ json: builtInPermissions() })),
    route(endpoints.listApiKeys, async ({ query, caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listKeys(tx, {
          orgId: caller.orgId,
          before: placeAfter(query.after),
          limit: query.limit + 1,
          withRevoked: query.revoked === true,
        }),
      );
      return {
        json: pageOf(
          rows,
          query.limit,
          (row) => row.id,
          (row) => keyView(row, new Map()),
        ),
      };
    }),
    route(endpoints.createApiKey, async ({ body, caller }) => ({
      json: await createKey(deps, caller, body),
    })),
    route(endpoints.revokeApiKey, async ({ params, caller }) => {
      await endKey(deps, caller, params.id);
      return { empty: true };
    }),
  ];
}
