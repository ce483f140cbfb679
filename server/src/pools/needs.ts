// Which pools a start of a workflow draws from: those that take everybody, its workflow or its connections, and the one
// its workflow names. Pure; the rows are given.
import type { PoolLimitRow, WorkflowNeedRow } from "./gateStore.ts";

export type Places = Readonly<Record<string, number>>;

export type Needs = {
  /** Undefined = none: it starts at once. `definition` is asked for only when a pool is of a connection. */
  of(about: NeedsAbout, definition: string | undefined): Places | undefined;
  /** Does the definition decide? */
  wantsDefinition(orgId: string): boolean;
  workflow(workflowId: string): WorkflowNeedRow | undefined;
  /** Organizations that have anything to ask. */
  orgIds: readonly string[];
};

type NeedsAbout = { orgId: string; workflowId: string };

export function createNeeds(pools: readonly PoolLimitRow[], workflows: readonly WorkflowNeedRow[]): Needs {
  const byOrg = new Map<string, PoolLimitRow[]>();
  for (const pool of pools)
    if (pool.scope !== "named") byOrg.set(pool.orgId, [...(byOrg.get(pool.orgId) ?? []), pool]);
  const byWorkflow = new Map(workflows.map((row) => [row.workflowId, row]));
  const named = workflows.filter(({ pool }) => pool !== null).map(({ orgId }) => orgId);
  return {
    of,
    wantsDefinition: (orgId) => (byOrg.get(orgId) ?? []).some(({ scope }) => scope === "connection"),
    workflow: (workflowId) => byWorkflow.get(workflowId),
    orgIds: [...new Set([...byOrg.keys(), ...named])],
  };

  function of({ orgId, workflowId }: NeedsAbout, definition: string | undefined): Places | undefined {
    const places: Record<string, number> = {};
    for (const pool of byOrg.get(orgId) ?? [])
      if (takesWorkflow(pool, workflowId, definition)) places[pool.name] = 1;
    const own = byWorkflow.get(workflowId);
    if (own?.orgId === orgId && own.pool !== null) places[own.pool] = own.places;
    return Object.keys(places).length === 0 ? undefined : places;
  }
}

/** Nodes name their connection by its id, wherever in their configuration it stands. */
export function takesWorkflow(
  { scope, scopeId }: Pick<PoolLimitRow, "scope" | "scopeId">,
  workflowId: string,
  definition: string | null | undefined,
): boolean {
  if (scope === "tenant") return true;
  if (scope === "workflow") return scopeId === workflowId;
  return scope === "connection" && scopeId !== null && (definition ?? "").includes(JSON.stringify(scopeId));
}
