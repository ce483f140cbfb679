// What can be done with what is selected, by mouse, key, menu or command alike.

import type { JsonObject } from "@auraos/kernel";
import { copyNodes, duplicateNodes, pasteNodes } from "../graph/clipboard.ts";
import { connectionKey, connectNodes, disconnect } from "../graph/connections.ts";
import {
  createNode,
  type Frame,
  findNode,
  frameOf,
  type Graph,
  isSameFrame,
  type Point,
} from "../graph/graph.ts";
import { groupIntoBlock } from "../graph/groupIntoBlock.ts";
import { moveNodes, removeNodes, setNode } from "../graph/nodes.ts";
import { addNote, removeNotes } from "../graph/notes.ts";
import { arrange } from "../layout/arrange.ts";
import { type Boxes, layOut, NODE_HEIGHT } from "../layout/boxes.ts";
import { freePlace, placeAfter, placeBelow } from "../layout/place.ts";
import { type Builder, graphOf, selectedNodes } from "../state/store.ts";
import {
  attachmentInputsOf,
  type Catalogue,
  inputsOf,
  isAttachment,
  isBlock,
  type NodeTypeView,
  portsOf,
} from "../types/nodeTypes.ts";
import { type Schema, startValue } from "../types/schema.ts";

export type Where =
  | { kind: "after"; node: string; port: string; at?: Point }
  | { kind: "inside"; frame: Frame }
  /** Below the node that it configures. */
  | { kind: "attach"; node: string; input: string }
  | { kind: "at"; position: Point };

/** The new node lands connected and where there is room, and is open at once. */
export function addNode(builder: Builder, catalogue: Catalogue, view: NodeTypeView, where: Where): string {
  const graph = graphOf(builder.get());
  const boxes = layOut(graph, catalogue, builder.get().collapsed);
  const { position, frame } = placeOf(graph, boxes, catalogue, where);
  const config = startValue(view.schema as Schema) as JsonObject;
  let id = "";
  builder.edit("add", (before) => {
    const added = createNode(before, {
      type: view.type,
      name: view.name,
      config: onlyRequired(view, config),
      position,
      frame,
    });
    id = added.nodes.at(-1)?.id ?? "";
    if (where.kind === "attach")
      return connectNodes(added, wireFrom(added, catalogue, id, "main", where.node, where.input));
    const [input] = inputsOf(view);
    if (where.kind !== "after" || input === undefined) return added;
    return connectNodes(added, wireFrom(added, catalogue, where.node, where.port, id, input));
  });
  builder.open(id, "settings");
  return id;
}

function placeOf(
  graph: Graph,
  boxes: Boxes,
  catalogue: Catalogue,
  where: Where,
): { position: Point; frame: Frame } {
  if (where.kind === "at") return { position: freePlace(graph, boxes, null, where.position), frame: null };
  if (where.kind === "inside")
    return {
      position: freePlace(graph, boxes, where.frame, endOf(graph, boxes, where.frame)),
      frame: where.frame,
    };
  const node = findNode(graph, where.node);
  const frame = node ? frameOf(node) : null;
  if (where.kind === "attach")
    return {
      position: placeBelow(graph, boxes, attachmentInputsOf(catalogue.find(node?.type ?? "")), where),
      frame,
    };
  if (where.at && frame === null) return { position: where.at, frame };
  const index = node ? portsOf(catalogue, node).indexOf(where.port) : 0;
  return { position: placeAfter(graph, boxes, where.node, Math.max(0, index)), frame };
}

/** To the right of what is in a body already. */
function endOf(graph: Graph, boxes: Boxes, frame: Frame): Point {
  const last = graph.nodes.filter((node) => isSameFrame(frameOf(node), frame)).at(-1);
  if (!last) return { x: 0, y: 0 };
  return { x: (last.position?.x ?? 0) + (boxes.get(last.id)?.width ?? 0) + 64, y: last.position?.y ?? 0 };
}

function onlyRequired(view: NodeTypeView, config: JsonObject): JsonObject {
  const { required = [] } = view.schema as Schema;
  return Object.fromEntries(Object.entries(config).filter(([key]) => required.includes(key)));
}

/** A port is written down unless it is what an absent one means. */
export function wireFrom(
  graph: Graph,
  catalogue: Catalogue,
  from: string,
  port: string,
  to: string,
  input: string,
) {
  const node = findNode(graph, from);
  const [first] = node ? portsOf(catalogue, node) : [];
  return {
    from,
    ...(port === "main" && (first ?? "main") === "main" ? {} : { port }),
    to,
    ...(input === "main" ? {} : { input }),
  };
}

/** The port that the next node hangs on: the first without a wire, else the first. */
export function nextPort(graph: Graph, catalogue: Catalogue, id: string): string | undefined {
  const node = findNode(graph, id);
  if (!node || isAttachment(catalogue.find(node.type))) return undefined;
  const ports = portsOf(catalogue, node);
  const isUsed = (port: string) =>
    graph.connections.some((one) => one.from === id && (one.port ?? ports[0]) === port);
  return ports.find((port) => !isUsed(port)) ?? ports[0];
}

export function removeSelected(builder: Builder): void {
  const { selection, wires } = builder.get();
  if (selection.size === 0 && wires.size === 0) return;
  builder.edit("remove", (graph) => {
    const cut = graph.connections.filter((one) => wires.has(connectionKey(one)));
    const nodes = [...selection].filter((id) => findNode(graph, id));
    const left = nodes.length === 0 ? graph : removeNodes(graph, nodes);
    return removeNotes(disconnect(left, cut), selection);
  });
  builder.set({ selection: new Set(), wires: new Set() });
}

export function duplicateSelected(builder: Builder): void {
  const nodes = [...builder.get().selection].filter((id) => findNode(graphOf(builder.get()), id));
  if (nodes.length === 0) return;
  const { graph, ids } = duplicateNodes(graphOf(builder.get()), nodes);
  builder.edit("duplicate", () => graph);
  builder.select(ids);
}

export function copySelected(builder: Builder): string | undefined {
  const nodes = selectedNodes(builder.get());
  return nodes.size === 0 ? undefined : copyNodes(graphOf(builder.get()), nodes);
}

export function pasteText(builder: Builder, text: string, at: Point): boolean {
  const pasted = pasteNodes(graphOf(builder.get()), text, at);
  if (!pasted) return false;
  builder.edit("paste", () => pasted.graph);
  builder.select(pasted.ids);
  return true;
}

export function groupSelected(builder: Builder, catalogue: Catalogue, view: NodeTypeView): boolean {
  const block = {
    type: view.type,
    name: view.name,
    config: onlyRequired(view, startValue(view.schema as Schema) as JsonObject),
    port: view.ports?.[0] ?? "done",
  };
  const grouped = groupIntoBlock(graphOf(builder.get()), builder.get().selection, block);
  if (!grouped) return false;
  builder.edit("group", () => grouped.graph);
  builder.open(grouped.block, "settings");
  return isBlock(catalogue.find(view.type));
}

export async function arrangeAll(builder: Builder, catalogue: Catalogue): Promise<void> {
  const before = graphOf(builder.get());
  const arranged = await arrange(before, catalogue);
  // Somebody may have gone on meanwhile; positions still fit by id.
  const places = new Map(arranged.nodes.map((node) => [node.id, node.position ?? { x: 0, y: 0 }]));
  builder.edit("arrange", (graph) => moveNodes(graph, places));
}

export type Edge = "left" | "top" | "row" | "column";

export function alignSelected(builder: Builder, edge: Edge): void {
  const { selection } = builder.get();
  builder.edit("align", (graph) => {
    const nodes = graph.nodes.filter((node) => selection.has(node.id));
    const places = nodes.map((node) => ({ id: node.id, ...(node.position ?? { x: 0, y: 0 }) }));
    const x = Math.min(...places.map((place) => place.x));
    const y = Math.min(...places.map((place) => place.y));
    const sorted = places.toSorted((a, b) => (edge === "row" ? a.x - b.x : a.y - b.y));
    return moveNodes(
      graph,
      new Map(
        sorted.map(({ id, ...place }, index) => {
          if (edge === "left") return [id, { ...place, x }];
          if (edge === "top") return [id, { ...place, y }];
          return edge === "row"
            ? [id, { x: x + index * 272, y }]
            : [id, { x, y: y + index * (NODE_HEIGHT + 28) }];
        }),
      ),
    );
  });
}

export function nudgeSelected(builder: Builder, dx: number, dy: number): void {
  const { selection } = builder.get();
  builder.edit(
    "move",
    (graph) => {
      const moved = graph.nodes.filter((node) => selection.has(node.id));
      const places = moved.map((node): [string, Point] => [
        node.id,
        { x: (node.position?.x ?? 0) + dx, y: (node.position?.y ?? 0) + dy },
      ]);
      return moveNodes(graph, new Map(places));
    },
    `nudge ${[...selection].join()}`,
  );
}

export function toggleDisabled(builder: Builder): void {
  const { selection } = builder.get();
  builder.edit("disable", (graph) => {
    const nodes = graph.nodes.filter((node) => selection.has(node.id));
    const isOn = nodes.some((node) => !node.disabled);
    return nodes.reduce((next, node) => setNode(next, node.id, { disabled: isOn ? true : undefined }), graph);
  });
}

export function toggleCollapsed(builder: Builder, id: string): void {
  const collapsed = new Set(builder.get().collapsed);
  if (!collapsed.delete(id)) collapsed.add(id);
  builder.set({ collapsed });
}

export function addNoteAt(builder: Builder, position: Point): void {
  builder.edit("note", (graph) => addNote(graph, position));
  const note = graphOf(builder.get()).notes?.at(-1);
  if (note) builder.select([note.id]);
}
