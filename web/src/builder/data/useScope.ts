// What an expression of a node would see, from the last run: its input, and the output of the nodes that lead to it.
// Before the first run the example input of the trigger stands in for it.
import type { EvaluationScope, Item, Json } from "@auraos/expression";
import type { NodeDefinition } from "@auraos/kernel";
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { useVariables } from "../../api/data.ts";
import { useNow } from "../../ui/useNow.ts";
import { findNode, type Graph, nameOf } from "../graph/graph.ts";
import type { NodeState } from "../run/nodeStates.ts";
import { recallInput } from "../run/runInput.ts";
import { useNodeStates } from "../run/useNodeStates.ts";
import { useRun } from "../run/useRun.ts";
import { useBuilderState, useGraph } from "../state/BuilderContext.tsx";
import { type DataAddress, sampleQuery } from "./useNodeItems.ts";

/** More than this many nodes before one are rarely read from. */
const ANCESTORS_MAX = 16;
const MINUTE = 60_000;

type Source = { node: NodeDefinition; side: "in" | "out"; port?: string };

export function useScope(id: string): { scope: EvaluationScope | undefined; names: readonly string[] } {
  const graph = useGraph();
  const states = useNodeStates();
  const workflowId = useBuilderState((state) => state.workflowId);
  const { execution } = useRun();
  const nowMs = useNow(MINUTE);
  const { data: variables } = useVariables();
  const ancestors = useMemo(() => ancestorsOf(graph, id), [graph, id]);
  const sources = useMemo(() => sourcesOf(graph, id, ancestors, states), [graph, id, ancestors, states]);
  const addresses = useMemo(
    () => sources.map((source) => addressOf(source, execution?.id, states)),
    [sources, execution?.id, states],
  );
  const known = useMemo(() => addresses.filter((address) => address !== undefined), [addresses]);
  const samples = useQueries({
    queries: known.map(sampleQuery),
    combine: (results) => results.map((one) => one.data),
  });

  return useMemo(() => {
    const queries = addresses.map((address) => (address ? samples[known.indexOf(address)] : undefined));
    const itemsOf = (node: NodeDefinition, index: number): readonly Item[] | undefined => {
      if (node.pinned) return node.pinned.map((json) => ({ json }));
      const found = queries[index];
      if (found) return found as readonly Item[];
      const example =
        node.type === "trigger.manual" ? (recallInput(workflowId) ?? node.config.input) : undefined;
      return example === undefined ? undefined : [example].flat().map((json) => ({ json: json as Json }));
    };
    const outputs = new Map<string, readonly Item[]>();
    let input: readonly Item[] | undefined;
    for (const [index, source] of sources.entries()) {
      if (source.side === "in") {
        input ??= queries[index] as readonly Item[] | undefined;
        continue;
      }
      const items = itemsOf(source.node, index);
      if (!items) continue;
      outputs.set(nameOf(source.node), items);
      if (graph.connections.some((one) => one.from === source.node.id && one.to === id)) input ??= items;
    }
    const names = ancestors.map(nameOf);
    if (!input) return { scope: undefined, names };
    const items = input.length === 0 ? [{ json: {} }] : input;
    const scope: EvaluationScope = {
      items,
      itemIndex: 0,
      runIndex: 0,
      node: (name) => {
        const found = outputs.get(name);
        return found && { items: found, paired: (index) => found[index] ?? found[0] };
      },
      vars: Object.fromEntries((variables?.items ?? []).map(({ name, value }) => [name, value as Json])),
      execution: { id: execution?.id ?? "preview", mode: "test" },
      workflow: { id: workflowId, name: graph.name },
      nowMs,
      zone: graph.settings?.timezone ?? "UTC",
      seed: "preview",
    };
    return { scope, names };
  }, [graph, id, ancestors, sources, addresses, known, samples, execution?.id, workflowId, nowMs, variables]);
}

/** Nodes that lead here by wires, in this body and in those around it; the nearest first. */
export function ancestorsOf(graph: Graph, id: string): NodeDefinition[] {
  const found = new Set<string>();
  let at: string | undefined = id;
  for (let depth = 0; at !== undefined && depth < 20; depth++) {
    const before = new Set([at]);
    for (const one of before)
      for (const wire of graph.connections) if (wire.to === one) before.add(wire.from);
    before.delete(at);
    for (const one of before) found.add(one);
    at = findNode(graph, at)?.parent;
  }
  return [...found].flatMap((one) => findNode(graph, one) ?? []);
}

function sourcesOf(
  graph: Graph,
  id: string,
  ancestors: readonly NodeDefinition[],
  states: ReadonlyMap<string, NodeState>,
): Source[] {
  const node = findNode(graph, id);
  const own: Source[] = node && (states.get(id)?.itemsIn ?? 0) > 0 ? [{ node, side: "in" }] : [];
  const before = ancestors.slice(0, ANCESTORS_MAX).map((one): Source => {
    const wire = graph.connections.find(({ from, to }) => from === one.id && to === id);
    return { node: one, side: "out", ...(wire?.port ? { port: wire.port } : {}) };
  });
  return [...own, ...before];
}

function addressOf(
  { node, side, port }: Source,
  execution: string | undefined,
  states: ReadonlyMap<string, NodeState>,
): DataAddress | undefined {
  const state = states.get(node.id);
  if (!execution || !state) return undefined;
  const run = state.last.run;
  if (side === "in") return { execution, run, side };
  const given =
    port !== undefined && (state.out[port] ?? 0) > 0
      ? port
      : Object.keys(state.out).find((one) => (state.out[one] ?? 0) > 0);
  return given === undefined ? undefined : { execution, run, side, port: given };
}
