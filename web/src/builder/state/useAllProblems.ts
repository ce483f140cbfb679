// What is wrong with the draft: the compiler's findings at once, in the browser. Where those find nothing, what the
// server found when it stored this very draft (it also knows rules between fields).
import type { Problem } from "@auraos/kernel";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo } from "react";
import { workflowQuery } from "../../api/workflows.ts";
import { type Graph, validateWorkflow } from "../graph/graph.ts";
import { useBuilderState, useParts } from "./BuilderContext.tsx";
import { graphOf } from "./store.ts";

const nothing: Graph = { name: "", nodes: [], connections: [] };

export function useAllProblems(): readonly Problem[] {
  const { catalogue } = useParts();
  // Typing and the first sight go first; the list of problems follows.
  const graph = useDeferredValue(useBuilderState(graphOf), nothing);
  const isStored = useBuilderState((state) => state.stored === graphOf(state));
  const id = useBuilderState((state) => state.workflowId);
  const stored = useQuery({ ...workflowQuery(id), enabled: false }).data?.problems;
  const found = useMemo(() => validateWorkflow(graph, catalogue.forKernel).problems, [graph, catalogue]);
  return useMemo(
    () => (found.length > 0 || !isStored ? found : ((stored ?? []) as Problem[])),
    [found, isStored, stored],
  );
}
