// The part of a definition that leads to one node: what somebody wants to try out while the rest is not yet right.
// A node inside a block stands for the whole outermost block: a block runs as one, or not at all.
import type { WorkflowDefinition } from "@auraos/kernel";

/** Undefined when there is no such node. What it leaves out is only left out: ids, names and settings stay as they are. */
export function partLeadingTo(
  definition: WorkflowDefinition,
  target: string,
): { part: WorkflowDefinition; last: string } | undefined {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  const outermost = (id: string): string => {
    const seen = new Set<string>();
    let at = id;
    for (let up = byId.get(at)?.parent; up !== undefined && byId.has(up) && !seen.has(up); ) {
      seen.add(up);
      at = up;
      up = byId.get(up)?.parent;
    }
    return at;
  };
  if (!byId.has(target)) return undefined;
  const last = outermost(target);
  const sources = Map.groupBy(definition.connections, ({ to }) => to);
  const kept = new Set([last]);
  for (const id of kept) for (const { from } of sources.get(id) ?? []) kept.add(from);
  const nodes = definition.nodes.filter(({ id }) => kept.has(outermost(id)));
  const ids = new Set(nodes.map(({ id }) => id));
  // Wires inside of kept blocks stay; of those at the top level, only such that lead on to the target.
  const connections = definition.connections.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return { part: { ...definition, nodes, connections }, last };
}
