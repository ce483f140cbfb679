// The graph in React Flow's words. What did not change keeps its identity, so that React Flow draws only what did.
import { type Edge, type Node, type NodeHandle, Position } from "@xyflow/react";
import { connectionKey } from "../graph/connections.ts";
import type { Connection, Graph, NodeDefinition, Point, StickyNote } from "../graph/graph.ts";
import { type Boxes, hangAt, type NodeBox, socketAt } from "../layout/boxes.ts";
import type { NodeState } from "../run/nodeStates.ts";
import {
  attachmentInputsOf,
  type Catalogue,
  inputsOf,
  isAttachment,
  type NodeTypeView,
  portsOf,
} from "../types/nodeTypes.ts";

export type Socket = { name: string; y: number; isFree: boolean };
/** For a node that hangs below; `isFree`: nothing hangs there, or more may. */
export type Hook = { name: string; x: number; isFree: boolean };

export type StepData = {
  node: NodeDefinition;
  view: NodeTypeView | undefined;
  box: NodeBox;
  inputs: readonly Socket[];
  ports: readonly Socket[];
  hooks: readonly Hook[];
  isAttachment: boolean;
  state: NodeState | undefined;
  problems: number;
  isCollapsed: boolean;
};
export type StepNode = Node<StepData, "step">;
export type BlockNode = Node<StepData, "block">;
export type NoteNode = Node<{ note: StickyNote }, "note">;
export type FlowNode = StepNode | BlockNode | NoteNode;

export type WireData = {
  connection: Connection;
  label: string;
  count: number | undefined;
  isTaken: boolean;
  isAttachment: boolean;
};
export type WireEdge = Edge<WireData, "wire">;

export type Scene = {
  graph: Graph;
  catalogue: Catalogue;
  boxes: Boxes;
  selection: ReadonlySet<string>;
  wires: ReadonlySet<string>;
  collapsed: ReadonlySet<string>;
  states: ReadonlyMap<string, NodeState>;
  problems: ReadonlyMap<string, number>;
  /** Where things are while they are dragged. */
  dragged: ReadonlyMap<string, Point>;
};

export type Flow = { nodes: FlowNode[]; edges: WireEdge[] };

export function createFlow(): (scene: Scene) => Flow {
  const nodes = createCache<FlowNode>();
  const edges = createCache<WireEdge>();
  let shown: Flow = { nodes: [], edges: [] };
  return (scene) => {
    const used = Map.groupBy(scene.graph.connections, ({ from }) => from);
    const hanging = Map.groupBy(
      scene.graph.connections.filter(({ input }) => input !== undefined && input !== "main"),
      ({ to }) => to,
    );
    const ports = new Map(scene.graph.nodes.map((node) => [node.id, portsOf(scene.catalogue, node)]));
    const drawn = inOrder(scene.graph, scene.boxes).map((node) => {
      const box = scene.boxes.get(node.id) as NodeBox;
      const free = (used.get(node.id) ?? []).map(({ port }) => port ?? "first").join();
      const parts = [
        node,
        scene.catalogue,
        box.x,
        box.y,
        box.width,
        box.height,
        box.isHidden,
        lanesKey(box),
        free,
        hanging
          .get(node.id)
          ?.map(({ input }) => input)
          .join(),
        scene.selection.has(node.id),
        scene.collapsed.has(node.id),
        scene.states.get(node.id),
        scene.problems.get(node.id),
        scene.dragged.get(node.id),
      ];
      return nodes.get(node.id, parts, () => {
        const wires = { out: used.get(node.id) ?? [], into: hanging.get(node.id) ?? [] };
        return toNode(scene, node, box, wires);
      });
    });
    const notes = (scene.graph.notes ?? []).map((note) => {
      const at = scene.dragged.get(note.id);
      const isSelected = scene.selection.has(note.id);
      return nodes.get(note.id, [note, at, isSelected], () => toNote(note, at, isSelected));
    });
    const lines = scene.graph.connections.flatMap((connection) => {
      if (
        scene.boxes.get(connection.from)?.isHidden !== false ||
        scene.boxes.get(connection.to)?.isHidden !== false
      )
        return [];
      const id = connectionKey(connection);
      const parts = [
        connection,
        scene.wires.has(id),
        scene.states.get(connection.from),
        ports.get(connection.from)?.join(),
        scene.boxes.get(connection.from)?.depth,
      ];
      return [edges.get(id, parts, () => toEdge(scene, connection, id, ports.get(connection.from) ?? []))];
    });
    shown = { nodes: kept(shown.nodes, [...notes, ...drawn]), edges: kept(shown.edges, unique(lines)) };
    return shown;
  };
}

function createCache<Value>() {
  const known = new Map<string, { parts: readonly unknown[]; value: Value }>();
  return {
    get(id: string, parts: readonly unknown[], make: () => Value): Value {
      const old = known.get(id);
      if (old?.parts.every((part, index) => part === parts[index])) return old.value;
      const value = make();
      known.set(id, { parts, value });
      return value;
    },
  };
}

/** The list as it was when nothing in it changed: React Flow looks through each list that it is given. */
function kept<Value>(before: Value[], now: Value[]): Value[] {
  return before.length === now.length && before.every((one, index) => one === now[index]) ? before : now;
}

/** Blocks before what is inside them, as React Flow wants it. */
function inOrder(graph: Graph, boxes: Boxes): NodeDefinition[] {
  const shown = graph.nodes.filter((node) => boxes.get(node.id)?.isHidden === false);
  return shown.toSorted((a, b) => (boxes.get(a.id)?.depth ?? 0) - (boxes.get(b.id)?.depth ?? 0));
}

function toNode(
  scene: Scene,
  node: NodeDefinition,
  box: NodeBox,
  wires: { out: readonly Connection[]; into: readonly Connection[] },
): StepNode | BlockNode {
  const { catalogue } = scene;
  const view = catalogue.find(node.type);
  const inputs = sockets(box, inputsOf(view), () => false);
  // What hangs gives nothing to a wire; the line that leads up begins at its one socket.
  const isHanging = isAttachment(view);
  const names = isHanging ? ["main"] : portsOf(catalogue, node);
  const hookNames = attachmentInputsOf(view);
  const hooks = hookNames.map((name, index): Hook => {
    const isFree = MANY.has(name) || !wires.into.some(({ input }) => input === name);
    return { name, x: hangAt(box, index, hookNames.length), isFree };
  });
  const ports = sockets(
    box,
    names,
    (name) => !isHanging && !wires.out.some(({ port }) => (port ?? names[0]) === name),
  );
  const shared = {
    id: node.id,
    position: scene.dragged.get(node.id) ?? { x: box.x, y: box.y },
    ...parentOf(scene, node),
    width: box.width,
    height: box.height,
    measured: { width: box.width, height: box.height },
    handles: [
      ...inputs.map(({ name, y }) => handle("target", name, 0, y)),
      ...ports.map(({ name, y }) =>
        isHanging
          ? handle("source", name, box.width / 2, 0, Position.Top)
          : handle("source", name, box.width, y),
      ),
      ...hooks.map(({ name, x }) => handle("target", name, x, box.height, Position.Bottom)),
    ],
    selected: scene.selection.has(node.id),
    zIndex: box.depth * 2 + (box.lanes ? 0 : 1),
    data: {
      node,
      view,
      box,
      inputs,
      ports,
      hooks,
      isAttachment: isHanging,
      state: scene.states.get(node.id),
      problems: scene.problems.get(node.id) ?? 0,
      isCollapsed: scene.collapsed.has(node.id),
    },
  };
  return box.lanes ? { ...shared, type: "block", dragHandle: ".block-header" } : { ...shared, type: "step" };
}

function parentOf({ boxes }: Scene, { parent }: NodeDefinition): { parentId: string } | Record<never, never> {
  return parent !== undefined && boxes.has(parent) ? { parentId: parent } : {};
}

function toNote(note: StickyNote, at: Point | undefined, isSelected: boolean): NoteNode {
  const { id, position, width, height } = note;
  return {
    id,
    type: "note",
    position: at ?? position,
    width,
    height,
    measured: { width, height },
    zIndex: -1,
    selected: isSelected,
    data: { note },
  };
}

function sockets(box: NodeBox, names: readonly string[], isFree: (name: string) => boolean): Socket[] {
  return names.map((name, index) => ({ name, y: socketAt(box, index, names.length), isFree: isFree(name) }));
}

/** Inputs that take several nodes. */
const MANY: ReadonlySet<string> = new Set(["tool"]);

function handle(
  type: "source" | "target",
  id: string,
  x: number,
  y: number,
  position = type === "source" ? Position.Right : Position.Left,
): NodeHandle {
  return {
    type,
    id,
    x,
    y,
    width: 1,
    height: 1,
    position,
  };
}

function toEdge(scene: Scene, connection: Connection, id: string, ports: readonly string[]): WireEdge {
  const port = connection.port ?? ports[0] ?? "main";
  const state = scene.states.get(connection.from);
  const count = state?.out[port];
  const isHanging = isAttachment(
    scene.catalogue.find(scene.graph.nodes.find(({ id: one }) => one === connection.from)?.type ?? ""),
  );
  return {
    id,
    type: "wire",
    source: connection.from,
    sourceHandle: port,
    target: connection.to,
    targetHandle: connection.input ?? "main",
    selected: scene.wires.has(id),
    zIndex: (scene.boxes.get(connection.from)?.depth ?? 0) * 2 + 1,
    data: {
      connection,
      label: ports.length > 1 && !isHanging ? port : "",
      count: state && state.status !== "skipped" ? (count ?? 0) : undefined,
      isTaken: (count ?? 0) > 0,
      isAttachment: isHanging,
    },
  };
}

function lanesKey({ lanes }: NodeBox): string {
  return lanes?.map(({ y, height }) => `${y}:${height}`).join() ?? "";
}

function unique(edges: WireEdge[]): WireEdge[] {
  return [...new Map(edges.map((edge) => [edge.id, edge])).values()];
}
