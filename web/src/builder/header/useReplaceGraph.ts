// Another definition instead of this one, as one step that undo takes back. The workflow keeps its own name unless it
// has nothing else yet.
import { useReactFlow } from "@xyflow/react";
import { fitOptions } from "../canvas/fitOptions.ts";
import type { Graph } from "../graph/graph.ts";
import { arrange, needsArranging } from "../layout/arrange.ts";
import { useParts } from "../state/BuilderContext.tsx";

export function useReplaceGraph() {
  const { builder, catalogue } = useParts();
  const flow = useReactFlow();
  return async (graph: Graph, label: string, keepName = true) => {
    const arranged = needsArranging(graph, catalogue) ? await arrange(graph, catalogue) : graph;
    builder.edit(label, (before) => ({ ...arranged, name: keepName ? before.name : arranged.name }));
    builder.set({ selection: new Set(), wires: new Set(), openNode: null });
    requestAnimationFrame(() => void flow.fitView(fitOptions));
  };
}
