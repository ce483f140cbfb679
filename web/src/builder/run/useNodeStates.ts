// The states of the execution that is shown, for the canvas and the panel.
import { createContext, use } from "react";
import type { NodeState } from "./nodeStates.ts";

export const NodeStatesContext = createContext<ReadonlyMap<string, NodeState>>(new Map());

export function useNodeStates(): ReadonlyMap<string, NodeState> {
  return use(NodeStatesContext);
}
