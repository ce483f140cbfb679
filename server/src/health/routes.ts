// Routes of health.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { type Route, route } from "../platform/http.ts";
import { readHealth } from "./health.ts";

export function healthRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.isAlive, () => ({ json: { status: "alive" } })),
    route(endpoints.isReady, async () => {
      const json = await readHealth(deps);
      return { status: json.accepting ? 200 : 503, json };
    }),
  ];
}
