// Brings a node into view: into the middle when somebody asked for it; only as far as needed (`gently`) when it was
// added or walked to, so that the canvas stays where the eye is.
import { useReactFlow } from "@xyflow/react";
import { absoluteOf, layOut } from "../layout/boxes.ts";
import { useParts } from "../state/BuilderContext.tsx";
import { graphOf } from "../state/store.ts";

const MARGIN = 24;
/** Room for the plus at the port. */
const PLUS = 64;

export function useShowNode(): (id: string, how?: "gently") => void {
  const { builder, catalogue } = useParts();
  const flow = useReactFlow();
  return (id, how) => {
    const graph = graphOf(builder.get());
    const boxes = layOut(graph, catalogue, builder.get().collapsed);
    const at = absoluteOf(boxes, graph, id);
    const box = boxes.get(id);
    const pane = document.getElementById("builder-canvas")?.getBoundingClientRect();
    if (!box || !pane) return;
    const { x, y, zoom } = flow.getViewport();
    if (how !== "gently") {
      const near = Math.max(0.6, zoom);
      const middle = { x: at.x + box.width / 2, y: at.y + Math.min(box.height, 200) / 2 };
      return void flow.setCenter(middle.x, middle.y, { zoom: near, duration: 180 });
    }
    const dx = shift(at.x * zoom + x, (box.width + PLUS) * zoom, pane.width);
    const dy = shift(at.y * zoom + y, Math.min(box.height * zoom, pane.height / 2), pane.height);
    if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 160 });
  };
}

/** How far to move so that a stretch lies within the pane. */
function shift(start: number, length: number, pane: number): number {
  if (start < MARGIN) return MARGIN - start;
  const over = start + length - (pane - MARGIN);
  return over > 0 ? -Math.min(over, start - MARGIN) : 0;
}
