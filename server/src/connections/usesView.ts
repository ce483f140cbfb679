// Who uses a connection, one entry a workflow: what is in service first, then what only a draft names.
import type { UseRow } from "./store.ts";

type Use = { workflowId: string; workflowName: string; nodes: string[]; published: boolean };

export function usesView(rows: readonly UseRow[]): { items: Use[] } {
  const byWorkflow = new Map<string, Use>();
  for (const { workflowId, workflowName, node, published } of rows) {
    const use = byWorkflow.get(workflowId) ?? { workflowId, workflowName, nodes: [], published };
    if (!use.nodes.includes(node)) use.nodes.push(node);
    byWorkflow.set(workflowId, use);
  }
  return { items: [...byWorkflow.values()] };
}
