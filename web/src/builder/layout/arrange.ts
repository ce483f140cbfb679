// Automatic layout: ELK's layered algorithm, body by body from the inside out, because a block is as large as what is
// in it. ELK runs in a worker of its own, loaded when it is first asked for.
import type { ELK, ElkNode } from "elkjs/lib/elk-api.js";
import { frameOf, type Graph, type NodeDefinition, type Point } from "../graph/graph.ts";
import { moveNodes } from "../graph/nodes.ts";
import { type Catalogue, inputsOf, isAttachment, portsOf } from "../types/nodeTypes.ts";
import { type Boxes, HANGING, layOut, socketAt } from "./boxes.ts";

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.layered.spacing.nodeNodeBetweenLayers": "88",
  "elk.spacing.nodeNode": "28",
  "elk.spacing.componentComponent": "40",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "LEFTUP",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.padding": "[top=0,left=0,bottom=0,right=0]",
};

let engine: Promise<ELK> | undefined;

export async function arrange(graph: Graph, catalogue: Catalogue): Promise<Graph> {
  engine ??= startElk();
  const elk = await engine;
  let next = graph;
  for (const nodes of framesFromInside(graph)) {
    const boxes = layOut(next, catalogue, new Set());
    const hanging = hangingOn(next, nodes, catalogue);
    const standing = nodes.filter(({ type }) => !isAttachment(catalogue.find(type)));
    const laid = await elk.layout(problemOf(next, standing, boxes, catalogue, hanging));
    const places = new Map<string, Point>(
      (laid.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]),
    );
    for (const [id, attached] of hanging) {
      const at = places.get(id);
      const box = boxes.get(id);
      if (!at || !box) continue;
      const step = HANGING.width + HANGING.gap;
      const left = at.x + box.width / 2 - (attached.length * step - HANGING.gap) / 2;
      for (const [index, one] of attached.entries())
        places.set(one, { x: Math.max(at.x, left) + index * step, y: at.y + box.height + HANGING.drop });
    }
    next = moveNodes(next, places);
  }
  return next;
}

async function startElk(): Promise<ELK> {
  const [{ default: Elk }, { default: ElkWorker }] = await Promise.all([
    import("elkjs/lib/elk-api.js"),
    import("elkjs/lib/elk-worker.min.js?worker"),
  ]);
  return new Elk({ workerFactory: () => new ElkWorker() });
}

function problemOf(
  graph: Graph,
  nodes: readonly NodeDefinition[],
  boxes: Boxes,
  catalogue: Catalogue,
  hanging: ReadonlyMap<string, readonly string[]>,
): ElkNode {
  const inside = new Set(nodes.map((node) => node.id));
  return {
    id: "root",
    layoutOptions: options,
    children: nodes.map((node) => {
      const box = boxes.get(node.id);
      const { width = 0, height = 0 } = box ?? {};
      const inputs = inputsOf(catalogue.find(node.type));
      const outputs = portsOf(catalogue, node);
      const port = (side: "in" | "out", name: string, index: number, count: number) => ({
        id: portId(node.id, side, name),
        width: 0,
        height: 0,
        x: side === "in" ? 0 : width,
        y: box ? socketAt(box, index, count) : 0,
        layoutOptions: { "elk.port.side": side === "in" ? "WEST" : "EAST" },
      });
      return {
        id: node.id,
        // What hangs below needs room, too.
        width: Math.max(width, (hanging.get(node.id)?.length ?? 0) * (HANGING.width + HANGING.gap)),
        height: height + (hanging.has(node.id) ? HANGING.drop + HANGING.height : 0),
        ports: [
          ...inputs.map((name, index) => port("in", name, index, inputs.length)),
          ...outputs.map((name, index) => port("out", name, index, outputs.length)),
        ],
        layoutOptions: { "elk.portConstraints": "FIXED_POS" },
      };
    }),
    edges: graph.connections
      .filter(({ from, to }) => inside.has(from) && inside.has(to))
      .flatMap((one, index) => {
        const from = nodes.find((node) => node.id === one.from);
        const ports = from ? portsOf(catalogue, from) : [];
        const name = one.port ?? ports[0] ?? "main";
        const to = nodes.find((node) => node.id === one.to);
        const isSound =
          ports.includes(name) && to && inputsOf(catalogue.find(to.type)).includes(one.input ?? "main");
        if (!isSound) return [];
        return [
          {
            id: `e${index}`,
            sources: [portId(one.from, "out", name)],
            targets: [portId(one.to, "in", one.input ?? "main")],
          },
        ];
      }),
  };
}

/** Attachments by the node they hang on; one that several share hangs on the first. */
function hangingOn(
  graph: Graph,
  nodes: readonly NodeDefinition[],
  catalogue: Catalogue,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const node of nodes) {
    if (!isAttachment(catalogue.find(node.type))) continue;
    const to = graph.connections.find(({ from }) => from === node.id)?.to;
    if (to !== undefined) found.set(to, [...(found.get(to) ?? []), node.id]);
  }
  return found;
}

function portId(node: string, side: "in" | "out", name: string): string {
  return `${node}/${side}/${name}`;
}

function framesFromInside(graph: Graph): NodeDefinition[][] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const depthOf = (node: NodeDefinition): number => {
    let depth = 0;
    for (let at = node; at.parent !== undefined && depth < 20; depth++) {
      const parent = byId.get(at.parent);
      if (!parent) break;
      at = parent;
    }
    return depth;
  };
  const frames = Map.groupBy(graph.nodes, (node) => JSON.stringify(frameOf(node)));
  return [...frames.values()].toSorted(
    (a, b) => depthOf(b[0] as NodeDefinition) - depthOf(a[0] as NodeDefinition),
  );
}

/** Definitions written by hand have no positions, or positions that were never looked at. */
export function needsArranging(graph: Graph, catalogue: Catalogue): boolean {
  if (graph.nodes.length < 2) return false;
  if (graph.nodes.some((node) => node.position === undefined)) return true;
  const boxes = layOut(graph, catalogue, new Set());
  const frames = Map.groupBy(graph.nodes, (node) => JSON.stringify(frameOf(node)));
  for (const nodes of frames.values()) {
    const isInBlock = nodes[0]?.parent !== undefined;
    if (isInBlock && Math.min(...nodes.map((node) => node.position?.x ?? 0)) > 160) return true;
    const areas = nodes.map((node) => boxes.get(node.id)).filter((box) => box !== undefined);
    const sorted = areas.toSorted((a, b) => a.x - b.x);
    for (const [index, a] of sorted.entries())
      for (const b of sorted.slice(index + 1)) {
        if (b.x >= a.x + a.width - 20) break;
        if (a.y < b.y + b.height - 10 && b.y < a.y + a.height - 10) return true;
      }
  }
  return false;
}
