// Where the nodes of a workflow stand in the small picture. Drawn positions are kept when every node has its own; else
// nodes are laid out in columns by how far they are from the beginning. Blocks get the box around what is in them. Pure.
import type { WorkflowDefinition } from "../../api/workflows.ts";

export type Box = { id: string; x: number; y: number; width: number; height: number; isBlock: boolean };
export type Line = { id: string; from: string; to: string; path: string };
export type GraphLayout = { boxes: Box[]; lines: Line[]; width: number; height: number };

type Definition = WorkflowDefinition;
type Place = { x: number; y: number };

const NODE = { width: 160, height: 44 };
const GAP = { x: 56, y: 28 };
const PAD = { side: 16, top: 44 };
const MARGIN = 24;

export function layoutGraph({ nodes, connections }: Definition): GraphLayout {
  const places = placesOf(nodes, connections);
  const parents = new Set(nodes.flatMap(({ parent }) => parent ?? []));
  const boxes = new Map<string, Box>();
  const boxOf = (id: string): Box => {
    const known = boxes.get(id);
    if (known) return known;
    const inner = parents.has(id)
      ? nodes.filter(({ parent }) => parent === id).map((child) => boxOf(child.id))
      : [];
    const box =
      inner.length > 0
        ? around(id, inner)
        : { id, ...(places.get(id) ?? { x: 0, y: 0 }), ...NODE, isBlock: false };
    boxes.set(id, box);
    return box;
  };
  for (const { id } of nodes) boxOf(id);
  const all = [...boxes.values()];
  const left = Math.min(...all.map(({ x }) => x));
  const top = Math.min(...all.map(({ y }) => y));
  const moved = all.map((box) => ({ ...box, x: box.x - left + MARGIN, y: box.y - top + MARGIN }));
  const at = new Map(moved.map((box) => [box.id, box]));
  return {
    // Outer boxes first, so that inner ones are drawn over them.
    boxes: moved.toSorted(
      (a, b) => Number(b.isBlock) - Number(a.isBlock) || b.width * b.height - a.width * a.height,
    ),
    lines: connections.flatMap(({ from, to, port }) => {
      const [start, end] = [at.get(from), at.get(to)];
      return start && end ? [{ id: `${from} ${port ?? ""} ${to}`, from, to, path: curve(start, end) }] : [];
    }),
    width: Math.max(0, ...moved.map(({ x, width }) => x + width)) + MARGIN,
    height: Math.max(0, ...moved.map(({ y, height }) => y + height)) + MARGIN,
  };
}

function placesOf(nodes: Definition["nodes"], connections: Definition["connections"]): Map<string, Place> {
  if (nodes.every(({ position }) => position !== undefined))
    return new Map(nodes.map(({ id, position }) => [id, { x: position?.x ?? 0, y: position?.y ?? 0 }]));
  const columns = columnsOf(nodes, connections);
  const filled = new Map<number, number>();
  return new Map(
    nodes.map(({ id }) => {
      const column = columns.get(id) ?? 0;
      const row = filled.get(column) ?? 0;
      filled.set(column, row + 1);
      return [id, { x: column * (NODE.width + GAP.x), y: row * (NODE.height + GAP.y) }];
    }),
  );
}

/** The longest way from the beginning; what is inside a block begins one column after it. */
function columnsOf(nodes: Definition["nodes"], connections: Definition["connections"]): Map<string, number> {
  const columns = new Map(nodes.map(({ id }) => [id, 0]));
  for (let round = 0; round < nodes.length; round += 1) {
    let isSettled = true;
    const push = (id: string, least: number) => {
      if ((columns.get(id) ?? 0) >= least) return;
      columns.set(id, least);
      isSettled = false;
    };
    for (const { from, to } of connections) {
      const inside = nodes.filter(({ parent }) => parent === from).map(({ id }) => columns.get(id) ?? 0);
      push(to, Math.max(columns.get(from) ?? 0, ...inside) + 1);
    }
    for (const { id, parent } of nodes) if (parent !== undefined) push(id, columns.get(parent) ?? 0);
    if (isSettled) break;
  }
  return columns;
}

function around(id: string, inner: readonly Box[]): Box {
  const x = Math.min(...inner.map((box) => box.x)) - PAD.side;
  const y = Math.min(...inner.map((box) => box.y)) - PAD.top;
  const right = Math.max(...inner.map((box) => box.x + box.width)) + PAD.side;
  const bottom = Math.max(...inner.map((box) => box.y + box.height)) + PAD.side;
  return { id, x, y, width: right - x, height: bottom - y, isBlock: true };
}

function curve(from: Box, to: Box): string {
  const [x1, y1] = [from.x + from.width, from.y + (from.isBlock ? 15 : from.height / 2)];
  const [x2, y2] = [to.x, to.y + (to.isBlock ? 15 : to.height / 2)];
  const bend = Math.max(24, Math.abs(x2 - x1) / 2);
  return `M ${x1} ${y1} C ${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
