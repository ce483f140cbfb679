// The open builder, for every component below it.
import type { Problem } from "@auraos/kernel";
import { createContext, type ReactNode, use, useMemo, useSyncExternalStore } from "react";
import type { Graph } from "../graph/graph.ts";
import { type Boxes, layOut } from "../layout/boxes.ts";
import type { Catalogue } from "../types/nodeTypes.ts";
import { type Builder, type BuilderState, graphOf } from "./store.ts";

type Parts = { builder: Builder; catalogue: Catalogue };

const Context = createContext<Parts | null>(null);

export function BuilderProvider({ builder, catalogue, children }: Parts & { children: ReactNode }) {
  const parts = useMemo(() => ({ builder, catalogue }), [builder, catalogue]);
  return <Context value={parts}>{children}</Context>;
}

export function useParts(): Parts {
  const parts = use(Context);
  if (!parts) throw new Error("Only inside of a BuilderProvider.");
  return parts;
}

export function useBuilder(): Builder {
  return useParts().builder;
}

export function useCatalogue(): Catalogue {
  return useParts().catalogue;
}

/** Part of the state; the component is drawn anew when this part is another one. */
export function useBuilderState<Part>(read: (state: BuilderState) => Part): Part {
  const { builder } = useParts();
  return useSyncExternalStore(builder.subscribe, () => read(builder.get()));
}

export function useGraph(): Graph {
  return useBuilderState(graphOf);
}

export function useBoxes(): Boxes {
  const { catalogue } = useParts();
  const graph = useGraph();
  const collapsed = useBuilderState((state) => state.collapsed);
  return useMemo(() => layOut(graph, catalogue, collapsed), [graph, catalogue, collapsed]);
}

const ProblemsContext = createContext<readonly Problem[]>([]);
export const ProblemsProvider = ProblemsContext;

export function useProblems(): readonly Problem[] {
  return use(ProblemsContext);
}
