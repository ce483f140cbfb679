// The canvas: React Flow as a thin skin over the graph. Nodes and wires are derived; every gesture ends in an edit.
import {
  Background,
  BackgroundVariant,
  type EdgeChange,
  type FinalConnectionState,
  type Connection as FlowConnection,
  type NodeChange,
  ReactFlow,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import "./canvas.css";
import { type DragEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "../../ui/toasts.ts";
import { useMediaQuery } from "../../ui/useMediaQuery.ts";
import { whyNotConnect } from "../graph/connections.ts";
import { connectNodes } from "../graph/graph.ts";
import { DRAGGED } from "../palette/Palette.tsx";
import { usePalette } from "../palette/usePalette.ts";
import { useNodeStates } from "../run/useNodeStates.ts";
import { useBoxes, useBuilderState, useGraph, useParts, useProblems } from "../state/BuilderContext.tsx";
import { graphOf } from "../state/store.ts";
import { attachmentInputsOf, fitsInto, isAttachment } from "../types/nodeTypes.ts";
import { addNode, wireFrom } from "./actions.ts";
import { BlockFrame } from "./BlockFrame.tsx";
import { CanvasAnnouncer } from "./CanvasAnnouncer.tsx";
import { showBeginning } from "./fitOptions.ts";
import { createFlow, type FlowNode, type WireEdge } from "./flow.ts";
import { NoteCard } from "./NoteCard.tsx";
import { Overview } from "./Overview.tsx";
import { StepCard } from "./StepCard.tsx";
import { type Connecting, useCanvasKeys } from "./useCanvasKeys.ts";
import { useDrag } from "./useDrag.ts";
import { useKeepInView } from "./useKeepInView.ts";
import { useShowNode } from "./useShowNode.ts";
import { Wire } from "./Wire.tsx";

const nodeTypes = { step: StepCard, block: BlockFrame, note: NoteCard };
const edgeTypes = { wire: Wire };
/** Below this many, drawing all of them is cheaper than finding out which are seen. */
const VISIBLE_ONLY_FROM = 120;

export function Canvas() {
  const { builder, catalogue } = useParts();
  const { t } = useTranslation("builder");
  const flow = useReactFlow();
  const isFar = useStore((state) => state.transform[2] < FAR);
  const palette = usePalette();
  const graph = useGraph();
  const boxes = useBoxes();
  const selection = useBuilderState((state) => state.selection);
  const wires = useBuilderState((state) => state.wires);
  const collapsed = useBuilderState((state) => state.collapsed);
  const states = useNodeStates();
  const found = useProblems();
  const problems = useMemo(() => countByNode(found), [found]);
  const { dragged, onNodesChange, drop } = useDrag(boxes);
  const [connecting, setConnecting] = useState<Connecting>(null);
  const onKeyDown = useCanvasKeys(boxes, connecting, setConnecting);
  const isPhone = useMediaQuery("(max-width: 640px)");
  const [toFlow] = useState(createFlow);
  const { nodes, edges } = toFlow({
    graph,
    catalogue,
    boxes,
    selection,
    wires,
    collapsed,
    states,
    problems,
    dragged,
  });
  const host = useRef<HTMLDivElement>(null);
  const pulledAt = useRef(Number.NEGATIVE_INFINITY);
  const showNode = useShowNode();
  useKeepInView(host);

  const wireOf = ({ source, sourceHandle, target, targetHandle }: FlowConnection) =>
    wireFrom(
      graphOf(builder.get()),
      catalogue,
      source,
      sourceHandle ?? "main",
      target,
      targetHandle ?? "main",
    );

  /** A model goes where models go, data where data goes. */
  const fitsHook = ({ source, target, targetHandle }: FlowConnection) => {
    const viewOf = (id: string) => catalogue.find(graph.nodes.find((node) => node.id === id)?.type ?? "");
    const from = viewOf(source);
    const input = targetHandle ?? "main";
    const isHook = attachmentInputsOf(viewOf(target)).includes(input);
    return from !== undefined && isAttachment(from) ? isHook && fitsInto(from, input) : !isHook;
  };

  const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
    const from = state.fromHandle;
    if (from?.type !== "source") return;
    if (state.toNode && !state.isValid && state.toHandle) {
      const refused = whyNotConnect(graph, {
        from: from.nodeId,
        port: from.id ?? "main",
        to: state.toNode.id,
      });
      if (refused && refused !== "known") toast.info(t(`connect.${refused}`));
      return;
    }
    if (state.toNode) return;
    const point = "changedTouches" in event ? event.changedTouches[0] : event;
    if (!point) return;
    pulledAt.current = event.timeStamp;
    const at = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    palette.openAfter(from.nodeId, from.id ?? "main", { x: at.x, y: at.y - 26 });
  };

  const onDrop = (event: DragEvent) => {
    const view = catalogue.find(event.dataTransfer.getData(DRAGGED));
    if (!view) return;
    event.preventDefault();
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    addNode(builder, catalogue, view, { kind: "at", position: { x: at.x - 104, y: at.y - 26 } });
    palette.close();
  };

  // React Flow says what a click or a rectangle selects; the builder's state is the only place that remembers it.
  const onSelect = (changes: NodeChange<FlowNode>[]) => {
    const picks = changes.filter((change) => change.type === "select");
    if (picks.length === 0) return;
    const next = new Set(builder.get().selection);
    for (const { id, selected } of picks) selected ? next.add(id) : next.delete(id);
    if (!isSame(next, builder.get().selection)) builder.select(next);
  };

  const onSelectWires = (changes: EdgeChange<WireEdge>[]) => {
    const next = new Set(builder.get().wires);
    for (const change of changes)
      if (change.type === "select") change.selected ? next.add(change.id) : next.delete(change.id);
    if (!isSame(next, builder.get().wires)) builder.set({ wires: next });
  };

  return (
    <div
      ref={host}
      id="builder-canvas"
      role="application"
      aria-label={t("canvas.label")}
      aria-describedby="builder-canvas-help"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas is one tab stop with keys of its own
      tabIndex={0}
      data-far={isFar || undefined}
      onKeyDown={onKeyDown}
      onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}
      onDrop={onDrop}
      className="relative min-h-0 flex-1 outline-none focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-inset"
    >
      <p id="builder-canvas-help" className="sr-only">
        {t("canvas.help")}
      </p>
      <ReactFlow<FlowNode, WireEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={(changes) => {
          onNodesChange(changes);
          onSelect(changes);
        }}
        onEdgesChange={onSelectWires}
        onNodeDragStop={(_, __, moved) => drop(moved)}
        onSelectionDragStop={(_, moved) => drop(moved)}
        onNodeClick={(event, node) => {
          host.current?.focus({ preventScroll: true });
          if (connecting) return setConnecting(null);
          if (event.shiftKey || event.ctrlKey || event.metaKey || node.type === "note") return;
          builder.open(node.id);
        }}
        onEdgeClick={() => host.current?.focus({ preventScroll: true })}
        onPaneClick={(event) => {
          // Letting go of a wire is a click, too.
          if (event.timeStamp - pulledAt.current < 300) return;
          builder.select([]);
          palette.close();
        }}
        onConnect={(connection) =>
          builder.edit("connect", (before) => connectNodes(before, wireOf(connection)))
        }
        isValidConnection={(connection) =>
          fitsHook(connection as FlowConnection) &&
          whyNotConnect(graph, wireOf(connection as FlowConnection)) === undefined
        }
        onConnectEnd={onConnectEnd}
        onlyRenderVisibleElements={nodes.length > VISIBLE_ONLY_FROM}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={multiSelectKeys}
        disableKeyboardA11y
        nodesFocusable={false}
        edgesFocusable={false}
        zoomOnDoubleClick={false}
        panOnScroll
        minZoom={0.1}
        maxZoom={2}
        nodeDragThreshold={3}
        connectionRadius={28}
        onInit={(instance) => {
          const pane = host.current?.getBoundingClientRect();
          if (!pane) return;
          // Whoever came by a link to a node wants to see that one.
          void showBeginning(instance, pane).then(() => {
            const { openNode } = builder.get();
            if (openNode !== null) showNode(openNode, "gently");
          });
        }}
        onMoveStart={() => host.current?.setAttribute("data-moving", "")}
        onMoveEnd={() => host.current?.removeAttribute("data-moving")}
        attributionPosition="top-right"
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.5} />
        {!isPhone && nodes.length > 8 && <Overview />}
      </ReactFlow>
      <CanvasAnnouncer connecting={connecting} />
    </div>
  );
}

/** Below this zoom nobody can read; then there is less to draw. */
const FAR = 0.35;
const multiSelectKeys = ["Shift", "Control", "Meta"];

function countByNode(problems: readonly { node?: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { node } of problems) if (node !== undefined) counts.set(node, (counts.get(node) ?? 0) + 1);
  return counts;
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}
