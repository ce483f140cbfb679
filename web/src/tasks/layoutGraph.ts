// Where the tasks of the graph stand: columns by how much comes before them, rows by what they hang on. Pure.
import type { TaskGraph } from "../api/tasks.ts";

export const CARD = { width: 208, height: 60, gapX: 72, gapY: 20 };

export type PlacedTask = TaskGraph["tasks"][number] & { x: number; y: number };
export type PlacedEdge = TaskGraph["edges"][number] & { path: string; isCritical: boolean; box: Box };
/** A part of the plane, in pixels. */
export type Box = { left: number; top: number; right: number; bottom: number };

/** Tasks that hang on nothing and nothing hangs on them stand apart: they say nothing in a graph. */
export function layoutGraph(graph: TaskGraph): {
  tasks: PlacedTask[];
  edges: PlacedEdge[];
  alone: TaskGraph["tasks"];
  isComplete: boolean;
  width: number;
  height: number;
} {
  const linked = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  const before = Map.groupBy(graph.edges, ({ to }) => to);
  const columns = new Map<number, TaskGraph["tasks"]>();
  for (const task of graph.tasks) {
    if (!linked.has(task.id)) continue;
    const column = columns.get(task.level);
    if (column) column.push(task);
    else columns.set(task.level, [task]);
  }
  const rowOf = new Map<string, number>();
  const placed = new Map<string, PlacedTask>();
  for (const level of [...columns.keys()].sort((a, b) => a - b)) {
    const wanted = ({ id }: { id: string }) => {
      const rows = (before.get(id) ?? []).map(({ from }) => rowOf.get(from) ?? 0);
      return rows.length === 0
        ? Number.POSITIVE_INFINITY
        : rows.reduce((sum, row) => sum + row, 0) / rows.length;
    };
    const sorted = (columns.get(level) ?? [])
      .map((task) => ({ task, row: wanted(task) }))
      .sort((a, b) => a.row - b.row || a.task.name.localeCompare(b.task.name));
    for (const [row, { task }] of sorted.entries()) {
      rowOf.set(task.id, row);
      const x = level * (CARD.width + CARD.gapX);
      placed.set(task.id, { ...task, x, y: row * (CARD.height + CARD.gapY) });
    }
  }
  const tasks = [...placed.values()];
  const edges = graph.edges.flatMap((edge): PlacedEdge[] => {
    const [from, to] = [placed.get(edge.from), placed.get(edge.to)];
    if (!from || !to) return [];
    const isCritical = from.isCritical && to.isCritical;
    return [{ ...edge, path: pathOf(from, to), isCritical, box: around(boxOf(from), boxOf(to)) }];
  });
  return {
    tasks,
    edges,
    alone: graph.tasks.filter(({ id }) => !linked.has(id)),
    isComplete: graph.isComplete,
    width: Math.max(0, ...tasks.map(({ x }) => x + CARD.width)),
    height: Math.max(0, ...tasks.map(({ y }) => y + CARD.height)),
  };
}

/** What touches the box: of a thousand cards a screen shows thirty. */
export function inBox(
  { tasks, edges }: { tasks: readonly PlacedTask[]; edges: readonly PlacedEdge[] },
  box: Box,
): { tasks: PlacedTask[]; edges: PlacedEdge[] } {
  return {
    tasks: tasks.filter((task) => touch(boxOf(task), box)),
    edges: edges.filter((edge) => touch(edge.box, box)),
  };
}

function boxOf({ x, y }: PlacedTask): Box {
  return { left: x, top: y, right: x + CARD.width, bottom: y + CARD.height };
}

function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function touch(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function pathOf(from: PlacedTask, to: PlacedTask): string {
  const [x1, y1] = [from.x + CARD.width, from.y + CARD.height / 2];
  const [x2, y2] = [to.x, to.y + CARD.height / 2];
  const bend = Math.max(24, (x2 - x1) / 2);
  return `M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`;
}
