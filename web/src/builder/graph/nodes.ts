// Nodes: made, changed, moved, removed.
import type { JsonObject } from "@auraos/kernel";
import { withoutCrossing } from "./connections.ts";
import {
  type Connection,
  type Frame,
  findNode,
  frameOf,
  type Graph,
  isSameFrame,
  mapNodes,
  type NodeDefinition,
  type Point,
  withDescendants,
} from "./graph.ts";
import { freeId, freeName, takenIds, takenNames } from "./names.ts";

export type NewNode = {
  type: string;
  /** What it is called unless that is taken. */
  name: string;
  config?: JsonObject;
  position?: Point;
  frame?: Frame;
};

/** The node comes last, so its definition is the last of the list. */
export function createNode(graph: Graph, { type, name, config = {}, position, frame }: NewNode): Graph {
  const node: NodeDefinition = {
    id: freeId(type.split(".").at(-1) ?? type, takenIds(graph)),
    type,
    name: freeName(name, takenNames(graph)),
    config,
    ...(position ? { position: rounded(position) } : {}),
    ...frameFields(frame ?? null),
  };
  return { ...graph, nodes: [...graph.nodes, node] };
}

export function setConfig(graph: Graph, id: string, config: JsonObject): Graph {
  return setNode(graph, id, { config });
}

/** Fields that are set to undefined leave the definition. */
export function setNode(
  graph: Graph,
  id: string,
  fields: { [Field in keyof NodeDefinition]?: NodeDefinition[Field] | undefined },
): Graph {
  return mapNodes(graph, (node) =>
    node.id === id ? (defined({ ...node, ...fields }) as NodeDefinition) : node,
  );
}

export function moveNodes(graph: Graph, positions: ReadonlyMap<string, Point>): Graph {
  return mapNodes(graph, (node) => {
    const position = positions.get(node.id);
    if (!position) return node;
    const { x, y } = rounded(position);
    return node.position?.x === x && node.position.y === y
      ? node
      : { ...node, position: { ...node.position, x, y } };
  });
}

/** Into another body (or out of all). Wires that would cross a border are cut. */
export function moveToFrame(graph: Graph, positions: ReadonlyMap<string, Point>, frame: Frame): Graph {
  const inside = withDescendants(graph, positions.keys());
  if (frame && inside.has(frame.parent)) return graph;
  const moved = mapNodes(graph, (node) => {
    const position = positions.get(node.id);
    if (!position) return node;
    const { parent: _, section: __, ...rest } = node;
    return { ...rest, ...frameFields(frame), position: rounded(position) };
  });
  return withoutCrossing(moved);
}

/** With what is inside. A single node between two others leaves them connected. */
export function removeNodes(graph: Graph, ids: Iterable<string>): Graph {
  const asked = [...ids];
  const gone = withDescendants(graph, asked);
  if (gone.size === 0) return graph;
  const bridged = asked.length === 1 ? bridges(graph, asked[0] ?? "") : [];
  const nodes = graph.nodes
    .filter((node) => !gone.has(node.id))
    .map((node) => {
      if (node.compensate === undefined || !gone.has(node.compensate)) return node;
      const { compensate: _, ...rest } = node;
      return rest;
    });
  if (nodes.length === graph.nodes.length) return graph;
  const connections = graph.connections.filter(({ from, to }) => !gone.has(from) && !gone.has(to));
  return { ...graph, nodes, connections: [...connections, ...bridged] };
}

function bridges(graph: Graph, id: string): Connection[] {
  const node = findNode(graph, id);
  const incoming = graph.connections.filter(({ to }) => to === id);
  const outgoing = graph.connections.filter(({ from }) => from === id);
  const isBetween = incoming.length === 1 && new Set(outgoing.map(({ port }) => port ?? "main")).size === 1;
  if (!node || !isBetween) return [];
  const [before] = incoming;
  const isKnown = (to: string) => graph.connections.some((one) => one.from === before?.from && one.to === to);
  return outgoing.flatMap(({ to, input }) => {
    const target = findNode(graph, to);
    if (!before || !target || isKnown(to) || !isSameFrame(frameOf(node), frameOf(target))) return [];
    return [
      { from: before.from, ...(before.port ? { port: before.port } : {}), to, ...(input ? { input } : {}) },
    ];
  });
}

export function frameFields(frame: Frame): Pick<NodeDefinition, "parent" | "section"> {
  if (!frame) return {};
  return { parent: frame.parent, ...(frame.section === "body" ? {} : { section: frame.section }) };
}

function rounded({ x, y }: Point): Point {
  return { x: Math.round(x) || 0, y: Math.round(y) || 0 };
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
