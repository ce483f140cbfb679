// How the graph is brought into view: all of it where that stays readable; else its beginning, at a size that can be
// read. "Show everything" shows everything.
import type { ReactFlowInstance } from "@xyflow/react";
import type { FlowNode, WireEdge } from "./flow.ts";

export const fitOptions = { padding: 0.12, maxZoom: 1, minZoom: 0.1 };

const READABLE = 0.6;
const MARGIN = 48;

/** Until it is in view. */
export async function showBeginning(
  flow: ReactFlowInstance<FlowNode, WireEdge>,
  pane: DOMRect,
): Promise<void> {
  const nodes = flow.getNodes();
  if (nodes.length === 0)
    return void (await flow.setViewport({ x: 2 * MARGIN, y: pane.height * 0.35, zoom: 1 }));
  const bounds = flow.getNodesBounds(nodes.filter((node) => node.parentId === undefined));
  const fits = Math.min((pane.width - 2 * MARGIN) / bounds.width, (pane.height - 2 * MARGIN) / bounds.height);
  if (fits >= READABLE) return void (await flow.fitView(fitOptions));
  const zoom = Math.min(0.85, Math.max(READABLE, (pane.height - 2 * MARGIN) / bounds.height));
  const first = nodes
    .toSorted((a, b) => a.position.x - b.position.x)
    .find((node) => node.parentId === undefined);
  const top = (pane.height - bounds.height * zoom) / 2 - bounds.y * zoom;
  const y =
    bounds.height * zoom < pane.height ? top : pane.height / 2 - ((first?.position.y ?? 0) + 26) * zoom;
  await flow.setViewport({ x: MARGIN - bounds.x * zoom, y, zoom });
}
