// What is wrong with the draft: the compiler's findings at once, in the browser. Where those find nothing, what the
// server found when it stored this very draft (it also knows rules between fields).
import type { Problem } from "@auraos/kernel";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { workflowQuery } from "../../api/workflows.ts";
import { type Graph, validateWorkflow } from "../graph/graph.ts";
import { useBuilderState, useParts } from "./BuilderContext.tsx";
import { graphOf } from "./store.ts";

const nothing: Graph = { name: "", nodes: [], connections: [] };

/** Compiling a large graph takes longer than a letter may; a pause between two letters is shorter than this. */
const PAUSE_MS = 150;

export function useAllProblems(): readonly Problem[] {
  const { catalogue } = useParts();
  const graph = useSettled(useBuilderState(graphOf));
  const isStored = useBuilderState((state) => state.stored === graphOf(state));
  const id = useBuilderState((state) => state.workflowId);
  const stored = useQuery({ ...workflowQuery(id), enabled: false }).data?.problems;
  const found = useMemo(() => validateWorkflow(graph, catalogue.forKernel).problems, [graph, catalogue]);
  return useMemo(
    () => (found.length > 0 || !isStored ? found : ((stored ?? []) as Problem[])),
    [found, isStored, stored],
  );
}

/** The graph as it was when nothing had changed for a moment. */
function useSettled(graph: Graph): Graph {
  const [settled, setSettled] = useState(nothing);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(graph), settled === nothing ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [graph, settled]);
  return settled;
}
