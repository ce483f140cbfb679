// Dragging, until it is dropped: positions live here, the graph changes once, at the end. A node without wires that is
// dropped over another body moves into it; one with wires stays where it belongs, because moving it would cut them.
import type { NodeChange } from "@xyflow/react";
import { useState } from "react";
import {
  type Frame,
  findNode,
  frameOf,
  type Graph,
  isSameFrame,
  type Point,
  withDescendants,
} from "../graph/graph.ts";
import { moveNodes, moveToFrame } from "../graph/nodes.ts";
import { setNote } from "../graph/notes.ts";
import { absoluteOf, type Boxes, laneOrigin } from "../layout/boxes.ts";
import { useBuilder } from "../state/BuilderContext.tsx";
import type { FlowNode } from "./flow.ts";

const nothing: ReadonlyMap<string, Point> = new Map();

export function useDrag(boxes: Boxes) {
  const builder = useBuilder();
  const [dragged, setDragged] = useState(nothing);

  const onNodesChange = (changes: NodeChange<FlowNode>[]) => {
    const moves = changes.filter((change) => change.type === "position");
    const isMoving = moves.some((change) => change.dragging && change.position);
    if (!isMoving) return;
    setDragged((before) => {
      const next = new Map(before);
      for (const change of moves) if (change.position) next.set(change.id, change.position);
      return next;
    });
  };

  const drop = (moved: readonly { id: string; position: Point }[]) => {
    setDragged(nothing);
    if (moved.length === 0) return;
    builder.edit("move", (graph) =>
      moved.reduce((next, { id, position }) => dropOne(next, boxes, id, position), graph),
    );
  };

  return { dragged, onNodesChange, drop };
}

function dropOne(graph: Graph, boxes: Boxes, id: string, position: Point): Graph {
  const node = findNode(graph, id);
  if (!node)
    return setNote(graph, id, { position: { x: Math.round(position.x), y: Math.round(position.y) } });
  const own = frameOf(node);
  const parentAt = own ? absoluteOf(boxes, graph, own.parent) : { x: 0, y: 0 };
  const at = { x: parentAt.x + position.x, y: parentAt.y + position.y };
  const hasWires = graph.connections.some(({ from, to }) => from === id || to === id);
  const target = hasWires ? own : frameAt(graph, boxes, id, at);
  const origin = originOf(graph, boxes, target);
  const place = { x: at.x - origin.x, y: at.y - origin.y };
  const inside = target ? { x: Math.max(0, place.x), y: Math.max(0, place.y) } : place;
  const places = new Map([[id, inside]]);
  return isSameFrame(own, target) ? moveNodes(graph, places) : moveToFrame(graph, places, target);
}

/** The innermost section under the middle of the node. */
export function frameAt(graph: Graph, boxes: Boxes, id: string | undefined, at: Point): Frame {
  const own = id === undefined ? new Set<string>() : withDescendants(graph, [id]);
  const size = (id === undefined ? undefined : boxes.get(id)) ?? { width: 0, height: 0 };
  const middle = { x: at.x + size.width / 2, y: at.y + Math.min(size.height, 52) / 2 };
  let found: { frame: Frame; depth: number } | undefined;
  for (const node of graph.nodes) {
    const box = boxes.get(node.id);
    if (!box?.lanes || box.isHidden || own.has(node.id)) continue;
    const corner = absoluteOf(boxes, graph, node.id);
    const [x, y] = [middle.x - corner.x, middle.y - corner.y];
    if (x < 0 || x > box.width) continue;
    const lane = box.lanes.find((one) => y >= one.y && y < one.y + one.height);
    if (lane && (!found || box.depth > found.depth))
      found = { frame: { parent: node.id, section: lane.section }, depth: box.depth };
  }
  return found?.frame ?? null;
}

export function originOf(graph: Graph, boxes: Boxes, frame: Frame): Point {
  if (!frame) return { x: 0, y: 0 };
  const corner = absoluteOf(boxes, graph, frame.parent);
  const lanes = boxes.get(frame.parent)?.lanes ?? [];
  const lane = lanes.find(({ section }) => section === frame.section);
  if (!lane) return corner;
  const origin = laneOrigin(lane, lanes);
  return { x: corner.x + origin.x, y: corner.y + origin.y };
}
