// What a request that was answered has changed, by its endpoint: one table, so that no capability has to think of it and
// a new endpoint under a known address is told by itself. What changes without a request, its capability tells.
import type { ChangeTopic, Endpoint } from "@auraos/contract";
import type { Route } from "../platform/http.ts";
import type { Changes } from "./changes.ts";

const topics: Record<string, readonly ChangeTopic[]> = {
  workflows: ["workflows"],
  schedules: ["schedules"],
  tasks: ["tasks", "pools"],
  pools: ["pools", "tasks"],
  events: ["events"],
  triggers: ["events"],
  alerts: ["alerts"],
  maintenance: ["alerts"],
  connections: ["connections"],
  tables: ["tables"],
  variables: ["variables"],
  workers: ["workers"],
  incidents: ["incidents"],
  "security-findings": ["incidents"],
  "data-protection": ["protection"],
  backups: ["backups"],
};

/** Reads although it sends a body, or starts what tells of itself. */
const CHANGES_NOTHING = /\/(preview|validate|search|execute|test-hooks)$/;
/** What a workflow registers comes and goes with its published version. */
const REGISTERS = /^\/api\/v1\/workflows(\/import|\/:id|\/:id\/publish|\/:id\/unpublish)?$/;

export function topicsOf({ method, path }: Pick<Endpoint, "method" | "path">): readonly ChangeTopic[] {
  const [, place = ""] = /^\/api\/v1\/([a-z-]+)/.exec(path) ?? [];
  if (method === "get") return [];
  if (path === "/api/v1/tasks/:id/execute") return ["tasks", "pools"];
  if (CHANGES_NOTHING.test(path)) return [];
  if (path === "/api/v1/workflows/:id/limits") return ["limits", "pools"];
  if (REGISTERS.test(path)) return ["workflows", "schedules", "events", "limits", "tasks"];
  return topics[place] ?? [];
}

/** Called when a request was answered well. */
export function changesOfRequests(
  changes: Pick<Changes, "tell">,
  routes: readonly Route[],
): (endpoint: Endpoint, orgId: string) => void {
  const known = new Map(routes.map(({ endpoint }) => [endpoint, topicsOf(endpoint)]));
  return (endpoint, orgId) => {
    const changed = known.get(endpoint) ?? [];
    if (changed.length > 0) changes.tell(orgId, ...changed);
  };
}
