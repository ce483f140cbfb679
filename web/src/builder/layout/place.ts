// Room for a new node: to the right of what leads to it, or below what is there.
import { type Frame, frameOf, type Graph, isSameFrame, type Point } from "../graph/graph.ts";
import { type Boxes, GAP, HANGING, hangAt, NODE_HEIGHT, NODE_WIDTH } from "./boxes.ts";

type Area = Point & { width: number; height: number };

export function placeAfter(graph: Graph, boxes: Boxes, from: string, portIndex: number): Point {
  const node = graph.nodes.find((one) => one.id === from);
  const box = boxes.get(from);
  const at = node?.position ?? { x: 0, y: 0 };
  const wanted = {
    x: at.x + (box?.width ?? NODE_WIDTH) + GAP.x,
    y: at.y + portIndex * (NODE_HEIGHT + GAP.y),
  };
  return freePlace(graph, boxes, node ? frameOf(node) : null, wanted);
}

/** Below its socket; a second one beside the first. */
export function placeBelow(
  graph: Graph,
  boxes: Boxes,
  inputs: readonly string[],
  { node: id, input }: { node: string; input: string },
): Point {
  const node = graph.nodes.find((one) => one.id === id);
  const box = boxes.get(id) ?? { width: NODE_WIDTH, height: NODE_HEIGHT };
  const at = node?.position ?? { x: 0, y: 0 };
  const middle = hangAt(box, Math.max(0, inputs.indexOf(input)), Math.max(1, inputs.length));
  const place = { x: at.x + middle - HANGING.width / 2, y: at.y + box.height + HANGING.drop };
  const others = graph.connections
    .filter((one) => one.to === id && one.input !== undefined && one.input !== "main")
    .flatMap(({ from }) => graph.nodes.find((one) => one.id === from)?.position ?? []);
  const step = HANGING.width + HANGING.gap;
  while (others.some((one) => Math.abs(one.x - place.x) < step && Math.abs(one.y - place.y) < HANGING.height))
    place.x += step;
  return place;
}

/** The wanted place, or the next one below it that nothing covers. */
export function freePlace(graph: Graph, boxes: Boxes, frame: Frame, wanted: Point): Point {
  const taken = graph.nodes
    .filter((node) => isSameFrame(frameOf(node), frame))
    .map((node): Area => {
      const { width, height } = boxes.get(node.id) ?? { width: NODE_WIDTH, height: NODE_HEIGHT };
      return { ...(node.position ?? { x: 0, y: 0 }), width, height };
    });
  const place = { ...wanted };
  for (let tries = 0; tries < 500; tries++) {
    const covered = taken.find((area) => overlaps(area, place));
    if (!covered) break;
    place.y = covered.y + covered.height + GAP.y;
  }
  return place;
}

function overlaps(area: Area, at: Point): boolean {
  return (
    at.x < area.x + area.width + 16 &&
    area.x < at.x + NODE_WIDTH + 16 &&
    at.y < area.y + area.height + 12 &&
    area.y < at.y + NODE_HEIGHT + 12
  );
}
