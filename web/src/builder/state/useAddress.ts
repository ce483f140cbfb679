// Every node has an address: ?node=<id> opens it, and says which one is open. ?execution=<id> shows the data of an
// execution on the canvas, also one of production.
import { useEffect, useEffectEvent } from "react";
import { useSearchParams } from "react-router";
import { useShowNode } from "../canvas/useShowNode.ts";
import { findNode } from "../graph/graph.ts";
import { useBuilder, useBuilderState } from "./BuilderContext.tsx";
import { graphOf } from "./store.ts";

export function useAddress(): void {
  const builder = useBuilder();
  const showNode = useShowNode();
  const [search, setSearch] = useSearchParams();
  const openNode = useBuilderState((state) => state.openNode);
  const executionId = useBuilderState((state) => state.executionId);

  const arrive = useEffectEvent(() => {
    const node = search.get("node");
    const execution = search.get("execution");
    if (execution !== null) builder.set({ executionId: execution });
    if (node === null || !findNode(graphOf(builder.get()), node)) return;
    builder.open(node);
    requestAnimationFrame(() => showNode(node, "gently"));
  });
  const follow = useEffectEvent((node: string | null, execution: string | null) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of [
      ["node", node],
      ["execution", execution],
    ] as const)
      if (value === null) next.delete(name);
      else next.set(name, value);
    if (next.toString() !== search.toString()) setSearch(next, { replace: true, preventScrollReset: true });
  });

  // First the address is read, from then on it is written: it lies outside of React.
  useEffect(() => arrive(), []);
  useEffect(() => follow(openNode, executionId), [openNode, executionId]);
}
