// Copy and paste: nodes travel as JSON text, so they can go by mail or into a ticket as well.
import { isObject } from "@auraos/kernel";
import { connectionKey } from "./connections.ts";
import {
  type Connection,
  type Frame,
  type Graph,
  type NodeDefinition,
  outermost,
  type Point,
  withDescendants,
} from "./graph.ts";
import { checkDefinition } from "./importWorkflow.ts";
import { freeId, freeName, takenIds, takenNames, withNamesReplaced } from "./names.ts";
import { frameFields } from "./nodes.ts";

export function copyNodes(graph: Graph, ids: Iterable<string>): string {
  const chosen = withDescendants(graph, ids);
  const nodes = graph.nodes.filter((node) => chosen.has(node.id));
  const connections = graph.connections.filter(({ from, to }) => chosen.has(from) && chosen.has(to));
  return JSON.stringify({ nodes, connections }, null, 2);
}

export type Pasted = { graph: Graph; ids: string[] };

/** Undefined when the text holds no nodes. Whole workflows can be pasted too. */
export function pasteNodes(graph: Graph, text: string, at: Point, frame: Frame = null): Pasted | undefined {
  const part = readPart(text);
  return (
    part &&
    insert(graph, part, frame, (place, least) => ({
      x: place.x - least.x + at.x,
      y: place.y - least.y + at.y,
    }))
  );
}

/** A copy beside each original, in the same body. */
export function duplicateNodes(graph: Graph, ids: Iterable<string>): Pasted {
  const part = JSON.parse(copyNodes(graph, ids)) as Part;
  return insert(graph, part, "keep", (place) => ({ x: place.x + 32, y: place.y + 72 }));
}

type Part = { nodes: NodeDefinition[]; connections: Connection[] };

function readPart(text: string): Part | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || !Array.isArray(value.nodes) || value.nodes.length === 0) return undefined;
    const part = { name: "paste", nodes: value.nodes, connections: value.connections ?? [] };
    return checkDefinition(part).length === 0 ? (part as unknown as Part) : undefined;
  } catch {
    return undefined;
  }
}

function insert(
  graph: Graph,
  part: Part,
  frame: Frame | "keep",
  place: (position: Point, least: Point) => Point,
): Pasted {
  const ids = new Map<string, string>();
  const names = new Map<string, string>();
  const usedIds = takenIds(graph);
  const usedNames = takenNames(graph);
  for (const node of part.nodes) {
    const id = freeId(node.id, usedIds);
    const name = freeName(node.name ?? node.id, usedNames);
    usedIds.add(id);
    usedNames.add(name);
    ids.set(node.id, id);
    if (name !== (node.name ?? node.id)) names.set(node.name ?? node.id, name);
  }
  const tops = new Set(outermost({ ...graph, ...part }, new Set(ids.keys())).map((node) => node.id));
  const positions = part.nodes
    .filter((node) => tops.has(node.id))
    .map((node) => node.position ?? { x: 0, y: 0 });
  const least = { x: Math.min(...positions.map(({ x }) => x)), y: Math.min(...positions.map(({ y }) => y)) };
  const nodes = part.nodes.map((node): NodeDefinition => {
    const { parent, section, compensate, ...rest } = withNamesReplaced(node, names);
    const undo = compensate === undefined ? undefined : ids.get(compensate);
    const fresh = {
      ...rest,
      id: ids.get(node.id) ?? node.id,
      name: names.get(node.name ?? node.id) ?? node.name ?? node.id,
      ...(undo === undefined ? {} : { compensate: undo }),
    };
    if (!tops.has(node.id))
      return { ...fresh, parent: ids.get(parent ?? "") ?? "", ...(section ? { section } : {}) };
    const stays =
      frame === "keep"
        ? { ...(parent ? { parent } : {}), ...(section ? { section } : {}) }
        : frameFields(frame);
    return { ...fresh, ...stays, position: place(node.position ?? { x: 0, y: 0 }, least) };
  });
  const connections = part.connections.flatMap((one) => {
    const [from, to] = [ids.get(one.from), ids.get(one.to)];
    return from && to ? [{ ...one, from, to }] : [];
  });
  const wires = [...new Map(connections.map((one) => [connectionKey(one), one])).values()];
  return {
    graph: {
      ...graph,
      nodes: [...graph.nodes, ...nodes],
      connections: [...graph.connections, ...wires],
    },
    ids: [...tops].map((id) => ids.get(id) ?? id),
  };
}
