// The workflow as the builder holds it: the definition itself, and pure functions that give a changed copy. What an
// edit does not touch keeps its identity, so that undo is cheap (change.ts) and nothing is drawn twice.
//
// The blueprint's operations are these: createNode, connectNodes, validateWorkflow, exportWorkflow, importWorkflow.
import type { Connection, NodeDefinition, Section, WorkflowDefinition } from "@auraos/kernel";

export { connectNodes } from "./connections.ts";
export { exportWorkflow } from "./exportWorkflow.ts";
export { importWorkflow } from "./importWorkflow.ts";
export { createNode } from "./nodes.ts";
export { validateWorkflow } from "./validateWorkflow.ts";

export type { Connection, NodeDefinition, Section };

/** A note on the canvas; for people only, the engine never looks at it. */
export type StickyNote = {
  id: string;
  text: string;
  position: Point;
  width: number;
  height: number;
  tone?: NoteTone;
};
export type NoteTone = "yellow" | "blue" | "green" | "red";

export type Graph = WorkflowDefinition & { notes?: StickyNote[] };
export type Point = { x: number; y: number };

/** Where a node stands: the top level, or a section of a block. */
export type Frame = { parent: string; section: Section } | null;

export function findNode(graph: Graph, id: string): NodeDefinition | undefined {
  return graph.nodes.find((node) => node.id === id);
}

export function nameOf(node: NodeDefinition): string {
  return node.name ?? node.id;
}

export function frameOf(node: NodeDefinition): Frame {
  return node.parent === undefined ? null : { parent: node.parent, section: node.section ?? "body" };
}

export function isSameFrame(a: Frame, b: Frame): boolean {
  return a?.parent === b?.parent && a?.section === b?.section;
}

/** The nodes and everything inside them. */
export function withDescendants(graph: Graph, ids: Iterable<string>): Set<string> {
  const found = new Set(ids);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const node of graph.nodes)
      if (node.parent !== undefined && found.has(node.parent)) found.add(node.id);
  }
  return found;
}

/** Of the nodes, those that do not stand inside another one of them. */
export function outermost(graph: Graph, ids: ReadonlySet<string>): NodeDefinition[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.nodes.filter((node) => {
    if (!ids.has(node.id)) return false;
    const seen = new Set<string>();
    for (
      let parent = node.parent;
      parent !== undefined && !seen.has(parent);
      parent = byId.get(parent)?.parent
    ) {
      if (ids.has(parent)) return false;
      seen.add(parent);
    }
    return true;
  });
}

export function mapNodes(graph: Graph, change: (node: NodeDefinition) => NodeDefinition): Graph {
  let isChanged = false;
  const nodes = graph.nodes.map((node) => {
    const next = change(node);
    if (next !== node) isChanged = true;
    return next;
  });
  return isChanged ? { ...graph, nodes } : graph;
}

/** The top-level node or block that this node belongs to. */
export function outermostOf(graph: Graph, id: string): string {
  const seen = new Set<string>();
  for (let at = findNode(graph, id); at?.parent !== undefined && !seen.has(at.id); at = findNode(graph, id)) {
    seen.add(at.id);
    id = at.parent;
  }
  return id;
}
