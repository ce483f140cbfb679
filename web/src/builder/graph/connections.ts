// Wires: which may be drawn, and drawing and cutting them.
import type { Connection, Graph } from "./graph.ts";
import { findNode, frameOf, isSameFrame } from "./graph.ts";

export function portOf(connection: Connection): string {
  return connection.port ?? "main";
}

export function inputOf(connection: Connection): string {
  return connection.input ?? "main";
}

export function isSameConnection(a: Connection, b: Connection): boolean {
  return a.from === b.from && a.to === b.to && portOf(a) === portOf(b) && inputOf(a) === inputOf(b);
}

export function connectionKey(connection: Connection): string {
  return `${connection.from}:${portOf(connection)}>${connection.to}:${inputOf(connection)}`;
}

export function connectNodes(graph: Graph, connection: Connection): Graph {
  if (whyNotConnect(graph, connection) !== undefined) return graph;
  return { ...graph, connections: [...graph.connections, tidy(connection)] };
}

export type Refused = "missing" | "self" | "known" | "border" | "cycle";

export function whyNotConnect(graph: Graph, connection: Connection): Refused | undefined {
  const from = findNode(graph, connection.from);
  const to = findNode(graph, connection.to);
  if (!from || !to) return "missing";
  if (from === to) return "self";
  if (graph.connections.some((one) => isSameConnection(one, connection))) return "known";
  if (!isSameFrame(frameOf(from), frameOf(to))) return "border";
  return leadsTo(graph, to.id, from.id) ? "cycle" : undefined;
}

export function disconnect(graph: Graph, cut: readonly Connection[]): Graph {
  const keys = new Set(cut.map(connectionKey));
  const connections = graph.connections.filter((one) => !keys.has(connectionKey(one)));
  return connections.length === graph.connections.length ? graph : { ...graph, connections };
}

/** Wires whose ends stand in different bodies, as after a move, are cut. */
export function withoutCrossing(graph: Graph): Graph {
  const frames = new Map(graph.nodes.map((node) => [node.id, frameOf(node)]));
  const connections = graph.connections.filter(({ from, to }) => {
    const [a, b] = [frames.get(from), frames.get(to)];
    return a === undefined || b === undefined || isSameFrame(a, b);
  });
  return connections.length === graph.connections.length ? graph : { ...graph, connections };
}

function leadsTo(graph: Graph, start: string, goal: string): boolean {
  const targets = Map.groupBy(graph.connections, ({ from }) => from);
  const seen = new Set([start]);
  for (const id of seen) {
    if (id === goal) return true;
    for (const { to } of targets.get(id) ?? []) seen.add(to);
  }
  return false;
}

/** What an absent field means is left out; files stay short. (An absent port means the node's first one.) */
function tidy({ port, input, ...rest }: Connection): Connection {
  return {
    ...rest,
    ...(port === undefined ? {} : { port }),
    ...(input === undefined || input === "main" ? {} : { input }),
  };
}
