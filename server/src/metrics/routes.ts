// Route of the metrics. It needs a key: counts of workflows and errors are nobody else's business.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { type Route, route } from "../platform/http.ts";

export function metricsRoutes(deps: Pick<Deps, "metrics">): Route[] {
  return [
    route(endpoints.getMetrics, async () => ({
      text: await deps.metrics.registry.metrics(),
      type: deps.metrics.registry.contentType,
    })),
  ];
}
