// Routes of webhooks as people manage them; the addresses themselves are mounted by mountHooks.ts.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { type Route, route } from "../platform/http.ts";
import { openTestHooks } from "./testHooks.ts";

export function webhookRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.openTestHooks, async ({ params, caller }) => ({
      json: { items: await openTestHooks(deps, caller, params.id) },
    })),
  ];
}
