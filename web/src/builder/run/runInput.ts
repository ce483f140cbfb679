// What a trial starts with: what was given last in this tab, else the example of the trigger.
import { isObject, type Json, type NodeDefinition } from "@auraos/kernel";
import type { Graph } from "../graph/graph.ts";
import type { Catalogue } from "../types/nodeTypes.ts";

export function triggersOf(graph: Graph, catalogue: Catalogue): NodeDefinition[] {
  const triggers = graph.nodes.filter((node) => catalogue.find(node.type)?.structure === "trigger");
  return triggers.toSorted(
    (a, b) => Number(b.type === "trigger.manual") - Number(a.type === "trigger.manual"),
  );
}

export function exampleInput(graph: Graph, trigger: string | undefined): Json | undefined {
  const node = graph.nodes.find((one) => one.id === trigger);
  return isObject(node?.config) ? (node?.config.input as Json | undefined) : undefined;
}

const inputs = new Map<string, Json | undefined>();

export function recallInput(workflowId: string): Json | undefined {
  return inputs.get(workflowId);
}

export function rememberInput(workflowId: string, input: Json | undefined): void {
  inputs.set(workflowId, input);
}
