// Routes of rights: the permission table, API keys.
import { builtInPermissions, endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { createKey, endKey, keyView } from "./manageKeys.ts";
import { deleteRole, ownRolesOf, putRole } from "./ownRoles.ts";
import { listKeys, listRoles, type RoleRow } from "./store.ts";

export function accessRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.getPermissions, async ({ caller }) => {
      const table = builtInPermissions();
      const own = await withTenant(deps.api, caller.orgId, (tx) => listRoles(tx, caller.orgId));
      return { json: { ...table, roles: [...table.roles, ...own.map(roleView)] } };
    }),
    route(endpoints.listApiKeys, async ({ query, caller }) => {
      const { orgId } = caller;
      const [rows, ownRoles] = await withTenant(deps.api, orgId, async (tx) => [
        await listKeys(tx, {
          orgId,
          search: query.search ?? null,
          before: placeAfter(query.after),
          limit: query.limit + 1,
          withRevoked: query.revoked === true,
        }),
        await ownRolesOf(tx, orgId),
      ]);
      return {
        json: pageOf(
          rows,
          query.limit,
          (row) => row.id,
          (row) => keyView(row, ownRoles),
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
    route(endpoints.putRole, async ({ caller, params, body }) => {
      const role = await putRole(deps, caller, params.name, body);
      return { json: roleView(role) };
    }),
    route(endpoints.deleteRole, async ({ caller, params }) => {
      await deleteRole(deps, caller, params.name);
      return { empty: true };
    }),
  ];
}

function roleView({ name, description, actions }: RoleRow) {
  return { role: name, builtIn: false, ...(description === null ? {} : { description }), actions };
}
