// Where everything stands on the canvas and how large it is. Positions in a definition are relative to the body a node
// stands in; a block is as large as its sections need, so nothing ever has to be measured.
import type { Graph, NodeDefinition, Point } from "../graph/graph.ts";
import {
  attachmentInputsOf,
  type Catalogue,
  inputsOf,
  isAttachment,
  isBlock,
  portsOf,
  type SectionName,
  sectionsOf,
} from "../types/nodeTypes.ts";

export const NODE_WIDTH = 208;
export const NODE_HEIGHT = 52;
/** From one name to the next along the lower edge, so that names do not meet. */
const HOOK_STEP = 64;
/** Of a node that hangs below another one. */
export const HANGING = { width: 152, height: 40, drop: 56, gap: 16 };
export const GAP = { x: 88, y: 28 };
const PORT_STEP = 30;
const HEADER = 40;
const LANE_TITLE = 22;
const LANE_PADDING = 20;
const LANE_LEAST = { width: 248, height: 92 };

export type Lane = { section: SectionName; y: number; height: number };

export type NodeBox = {
  /** Relative to the block around it, as React Flow wants it. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Of an open block; a collapsed one looks like a node. */
  lanes?: readonly Lane[];
  /** Inside a collapsed block. */
  isHidden: boolean;
  depth: number;
};

export type Boxes = ReadonlyMap<string, NodeBox>;

export function layOut(graph: Graph, catalogue: Catalogue, collapsed: ReadonlySet<string>): Boxes {
  const known = new Set(graph.nodes.map((node) => node.id));
  const children = Map.groupBy(graph.nodes, (node) =>
    node.parent !== undefined && known.has(node.parent) ? `${node.parent}:${node.section ?? "body"}` : "",
  );
  const boxes = new Map<string, NodeBox>();
  const placeAll = (key: string, origin: Point, depth: number, isHidden: boolean): void => {
    // Deeper than any definition may be: a parent cycle.
    if (depth > 20) return;
    for (const node of children.get(key) ?? []) {
      const at = { x: (node.position?.x ?? 0) + origin.x, y: (node.position?.y ?? 0) + origin.y };
      const size = sizeOf(node, depth, isHidden);
      boxes.set(node.id, { ...at, ...size, isHidden, depth });
    }
  };
  const sizeOf = (node: NodeDefinition, depth: number, isHidden: boolean) => {
    const view = catalogue.find(node.type);
    if (isAttachment(view)) return { width: HANGING.width, height: HANGING.height };
    if (!isBlock(view)) {
      const hooks = attachmentInputsOf(view).length;
      return { width: Math.max(NODE_WIDTH, hooks * HOOK_STEP), height: heightOf(node, catalogue) };
    }
    const isCollapsed = collapsed.has(node.id);
    const sections = sectionsOf(view);
    const titled = sections.length > 1 ? LANE_TITLE : 0;
    const lanes: Lane[] = [];
    let width = LANE_LEAST.width;
    let y = HEADER;
    for (const section of sections) {
      const key = `${node.id}:${section}`;
      placeAll(
        key,
        { x: LANE_PADDING, y: y + titled + LANE_PADDING / 2 },
        depth + 1,
        isHidden || isCollapsed,
      );
      let height = LANE_LEAST.height + titled;
      for (const child of children.get(key) ?? []) {
        const box = boxes.get(child.id);
        if (!box) continue;
        width = Math.max(width, box.x + box.width + LANE_PADDING);
        height = Math.max(height, box.y + box.height + LANE_PADDING - y);
      }
      lanes.push({ section, y, height });
      y += height;
    }
    return isCollapsed
      ? { width: NODE_WIDTH, height: heightOf(node, catalogue) }
      : { width: width + 12, height: y, lanes };
  };
  placeAll("", { x: 0, y: 0 }, 0, false);
  return boxes;
}

export function heightOf(node: NodeDefinition, catalogue: Catalogue): number {
  const sockets = Math.max(portsOf(catalogue, node).length, inputsOf(catalogue.find(node.type)).length);
  return Math.max(NODE_HEIGHT, sockets * PORT_STEP + 4);
}

/** Where the sockets of one side stand, from the top of the node. */
export function socketAt(box: NodeBox, index: number, count: number): number {
  if (box.lanes) return HEADER / 2 + index * PORT_STEP;
  return (box.height / count) * (index + 0.5);
}

/** Where the sockets for attachments stand along the lower edge. */
export function hangAt(box: Pick<NodeBox, "width">, index: number, count: number): number {
  return (box.width / count) * (index + 0.5);
}

/** Where the body of a section begins, relative to the block. */
export function laneOrigin(lane: Lane, lanes: readonly Lane[]): Point {
  return { x: LANE_PADDING, y: lane.y + (lanes.length > 1 ? LANE_TITLE : 0) + LANE_PADDING / 2 };
}

/** A graph never changes; who asks for the place of one node often asks for that of all. */
const parentsOf = new WeakMap<Graph, ReadonlyMap<string, string | undefined>>();

export function absoluteOf(boxes: Boxes, graph: Graph, id: string): Point {
  const parents = parentsOf.get(graph) ?? new Map(graph.nodes.map((node) => [node.id, node.parent]));
  parentsOf.set(graph, parents);
  const at = { x: 0, y: 0 };
  const seen = new Set<string>();
  for (let next: string | undefined = id; next !== undefined && !seen.has(next); next = parents.get(next)) {
    seen.add(next);
    const box = boxes.get(next);
    at.x += box?.x ?? 0;
    at.y += box?.y ?? 0;
  }
  return at;
}
