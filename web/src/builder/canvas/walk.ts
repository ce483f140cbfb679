// Arrow keys walk along wires: right to what follows, left to what leads here, up and down to the neighbours; where
// no wire leads, to the nearest node in that direction.
import { findNode, frameOf, type Graph, isSameFrame, type Point } from "../graph/graph.ts";
import { absoluteOf, type Boxes } from "../layout/boxes.ts";

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

export function walk(
  graph: Graph,
  boxes: Boxes,
  from: string | undefined,
  direction: Direction,
): string | undefined {
  const shown = graph.nodes.filter((node) => boxes.get(node.id)?.isHidden === false);
  const start = from === undefined ? undefined : findNode(graph, from);
  if (!start) return shown[0]?.id;
  if (direction === "ArrowRight") {
    const next =
      graph.connections.find((one) => one.from === start.id)?.to ?? firstInside(graph, boxes, start.id);
    if (next !== undefined) return next;
  }
  if (direction === "ArrowLeft") {
    const before = graph.connections.find((one) => one.to === start.id)?.from ?? start.parent;
    if (before !== undefined) return before;
  }
  return nearest(graph, boxes, start.id, direction);
}

function firstInside(graph: Graph, boxes: Boxes, block: string): string | undefined {
  if (!boxes.get(block)?.lanes) return undefined;
  return graph.nodes.find((node) => node.parent === block)?.id;
}

function nearest(graph: Graph, boxes: Boxes, id: string, direction: Direction): string | undefined {
  const own = findNode(graph, id);
  const at = absoluteOf(boxes, graph, id);
  let best: { id: string; distance: number } | undefined;
  for (const node of graph.nodes) {
    if (node.id === id || boxes.get(node.id)?.isHidden !== false) continue;
    const place = absoluteOf(boxes, graph, node.id);
    const [along, across] = distances(at, place, direction);
    if (along <= 4) continue;
    const elsewhere = own && isSameFrame(frameOf(own), frameOf(node)) ? 1 : 1.5;
    const distance = (along + across * 2) * elsewhere;
    if (!best || distance < best.distance) best = { id: node.id, distance };
  }
  return best?.id;
}

function distances(from: Point, to: Point, direction: Direction): [number, number] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  switch (direction) {
    case "ArrowRight":
      return [dx, Math.abs(dy)];
    case "ArrowLeft":
      return [-dx, Math.abs(dy)];
    case "ArrowDown":
      return [dy, Math.abs(dx)];
    case "ArrowUp":
      return [-dy, Math.abs(dx)];
  }
}
