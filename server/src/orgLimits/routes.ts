// Routes of what an organization may use of the server.
import { endpoints, type OrganizationLimits } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import { type Route, route } from "../platform/http.ts";
import { countOpen, findLimits, type StoredLimits, saveLimits } from "./store.ts";

export function orgLimitRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.getOrganizationLimits, async ({ caller: { orgId } }) => {
      const limits = await withTenant(deps.api, orgId, (tx) => findLimits(tx, orgId));
      return { json: await view(deps, orgId, limits ?? {}) };
    }),
    route(endpoints.putOrganizationLimits, async ({ params: { id }, body, caller }) => {
      if (caller.orgId !== deps.firstOrgId)
        throw refuse(
          403,
          "OPERATOR_ONLY",
          "Limits of organizations are set by the operator of the server.",
          "Ask them for more.",
        );
      if (!(await withTenant(deps.api, id, (tx) => saveLimits(tx, id, body))))
        throw notFound("organization with this id");
      await deps.orgLimits.reload();
      return { json: await view(deps, id, body) };
    }),
  ];
}

async function view(deps: Deps, orgId: string, limits: StoredLimits): Promise<OrganizationLimits> {
  return {
    openExecutions: limits.openExecutions ?? null,
    turnsPerSecond: limits.turnsPerSecond ?? null,
    bytesPerSecond: limits.bytesPerSecond ?? null,
    openNow: await countOpen(deps.journal, orgId),
  };
}
