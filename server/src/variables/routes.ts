// Routes of variables.
import { endpoints, type VariableBody } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { type Route, route } from "../platform/http.ts";
import { TOTAL_BYTES_MAX } from "./limits.ts";
import { removeVariable, saveVariable } from "./saveVariable.ts";
import { listVariables } from "./store.ts";
import { variableView } from "./view.ts";

export function variableRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listVariables, async ({ caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) => listVariables(tx, caller));
      const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
      return { json: { items: rows.map(variableView), bytes, bytesMax: TOTAL_BYTES_MAX } };
    }),
    route(endpoints.putVariable, async ({ params, body, caller }) => ({
      json: await saveVariable(deps, caller, params.name, body as VariableBody),
    })),
    route(endpoints.deleteVariable, async ({ params, caller }) => {
      await removeVariable(deps, caller, params.name);
      return { empty: true };
    }),
  ];
}
