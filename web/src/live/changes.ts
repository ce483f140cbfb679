// What the server says has changed (tasks, schedules, workers ...) and which keys of the cache that is. Only what is shown
// is asked for again. After a disconnect everything may have changed meanwhile.
import type { ChangeTopic } from "@auraos/contract";
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { createAskAgain } from "./askAgain.ts";
import { subscribeChanges } from "./liveConnection.ts";

/** Trials of rules and of redactions are not here: what is being written changes with its form only. */
export const keysOfTopic: Record<ChangeTopic, readonly QueryKey[]> = {
  // A draft that is open in the builder is its own: what another one saved shows when it is saved.
  workflows: [
    ["workflows", "list"],
    ["workflows", "filing"],
    ["workflows", "versions"],
  ],
  schedules: [
    ["schedules", "list"],
    ["schedules", "one"],
    ["schedules", "upcoming"],
    ["schedules", "calendars"],
  ],
  tasks: [
    ["tasks", "list"],
    ["tasks", "one"],
    ["tasks", "graph"],
    ["tasks", "open"],
  ],
  pools: [["pools"]],
  limits: [["limits"]],
  events: [["events"]],
  alerts: [["alerts"]],
  connections: [
    ["connections", "list"],
    ["connections", "one"],
  ],
  tables: [["tables"]],
  variables: [["variables"]],
  workers: [["workers"]],
  incidents: [["incidents"]],
  protection: [
    ["protection", "retention"],
    ["protection", "holds"],
    ["protection", "redactions"],
    ["protection", "erasures"],
  ],
  audit: [["audit", "list"]],
  backups: [["backups"]],
};

/** Executions that wait for their place: no turn of their own tells that those before them have moved on. */
export function queuedExecutions(client: QueryClient): QueryKey[] {
  const shown = client.getQueryCache().findAll({ queryKey: ["executions", "one"], type: "active" });
  return shown
    .filter(({ state }) => (state.data as { queue?: unknown } | undefined)?.queue !== undefined)
    .map(({ queryKey }) => queryKey);
}

const every = Object.keys(keysOfTopic) as ChangeTopic[];

/** The result ends it. */
export function askAgainWhatChanges(client: QueryClient): () => void {
  const [askAgain, forget] = createAskAgain(client);
  const end = subscribeChanges((topics = every) => {
    for (const topic of topics) for (const key of keysOfTopic[topic] ?? []) askAgain(key);
    if (topics.includes("pools")) for (const key of queuedExecutions(client)) askAgain(key);
  });
  return () => {
    end();
    forget();
  };
}
