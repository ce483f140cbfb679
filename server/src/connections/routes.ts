// Routes of connections and the vault.
import { type ConnectionBody, type ConnectionChange, endpoints } from "@auraos/contract";
import { credentialTypes } from "@auraos/nodes/credentials/credentialTypes.ts";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { type Route, route } from "../platform/http.ts";
import { cursorOf, nameAfter } from "../platform/page.ts";
import { beginAuthorization, finishAuthorization } from "./authorize.ts";
import { rotateVault } from "./rotateVault.ts";
import { changeConnection, createConnection, noConnection, removeConnection } from "./saveConnection.ts";
import { findConnection, findUses, listConnections } from "./store.ts";
import { testConnection } from "./testConnection.ts";
import { usesView } from "./usesView.ts";
import { connectionTypeView, connectionView } from "./view.ts";

export function connectionRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listConnectionTypes, () => ({
      json: { items: credentialTypes.map(connectionTypeView) },
    })),
    route(endpoints.listConnections, async ({ query, caller }) => {
      const { orgId, envId } = caller;
      const after = nameAfter(query.after);
      const types = query.type?.split(",").map((one) => one.trim()) ?? null;
      const search = query.search ?? null;
      const rows = await withTenant(deps.api, orgId, (tx) =>
        listConnections(tx, { orgId, envId, search, types, after, limit: query.limit + 1 }),
      );
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      const nowMs = deps.nowMs();
      return {
        json: {
          items: shown.map((row) => connectionView(row, nowMs)),
          ...(rows.length > query.limit && last ? { next: cursorOf(last.name) } : {}),
        },
      };
    }),
    route(endpoints.createConnection, async ({ body, caller }) => {
      const json = await createConnection(deps, caller, body as ConnectionBody);
      return { json, headers: { location: `/api/v1/connections/${json.id}` } };
    }),
    // Before the routes with an id, which would take its last word for one.
    route(endpoints.finishAuthorization, async ({ body, caller }) => ({
      json: await finishAuthorization(deps, caller, body),
    })),
    route(endpoints.getConnection, async ({ params, caller }) => {
      const { orgId } = caller;
      const row = await withTenant(deps.api, orgId, (tx) => findConnection(tx, orgId, params.id));
      if (!row) throw noConnection();
      return { json: connectionView(row, deps.nowMs()) };
    }),
    route(endpoints.updateConnection, async ({ params, body, caller }) => ({
      json: await changeConnection(deps, caller, params.id, body as ConnectionChange),
    })),
    route(endpoints.deleteConnection, async ({ params, query, caller }) => {
      await removeConnection(deps, caller, params.id, query.force === true);
      return { empty: true };
    }),
    route(endpoints.testConnection, async ({ params, caller }) => ({
      json: await testConnection(deps, caller, params.id),
    })),
    route(endpoints.connectionUses, async ({ params, caller }) => {
      const { orgId } = caller;
      const uses = await withTenant(deps.api, orgId, async (tx) => {
        const row = await findConnection(tx, orgId, params.id);
        if (!row) throw noConnection();
        return findUses(tx, orgId, row.name);
      });
      return { json: usesView(uses) };
    }),
    route(endpoints.authorizeConnection, async ({ params, caller }) => ({
      json: { url: await beginAuthorization(deps, caller, params.id) },
    })),
    route(endpoints.rotateVault, async ({ caller }) => ({ json: await rotateVault(deps, caller.orgId) })),
  ];
}
