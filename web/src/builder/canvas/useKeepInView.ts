// When the panel or the result opens, the canvas shrinks: what was in its middle stays there, and the node that is open
// stays in view.
import { useReactFlow } from "@xyflow/react";
import { type RefObject, useEffect, useEffectEvent } from "react";
import { useBuilder } from "../state/BuilderContext.tsx";
import { useShowNode } from "./useShowNode.ts";

export function useKeepInView(host: RefObject<HTMLDivElement | null>): void {
  const flow = useReactFlow();
  const builder = useBuilder();
  const showNode = useShowNode();
  const onResize = useEffectEvent((before: number, now: number) => {
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x, y: y + (now - before) / 2, zoom });
    const { openNode } = builder.get();
    if (openNode !== null) showNode(openNode, "gently");
  });

  // Only the browser knows when the room that is left changes.
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let size = { width: element.clientWidth, height: element.clientHeight };
    const observer = new ResizeObserver(() => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      if (next.width === size.width && next.height === size.height) return;
      const before = size.height;
      size = next;
      onResize(before, next.height);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [host]);
}
