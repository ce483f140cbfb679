// Which part of something large is in sight of what scrolls it, with some of what is around it, so that only that is drawn.
import { type RefObject, useLayoutEffect, useState } from "react";
import type { Box } from "./layoutGraph.ts";

/** In pixels: how far beyond the edge is drawn as well, and how far one scrolls until it is looked at again. */
const STEP = 256;

/** Undefined until it is measured, which is before anything is painted. */
export function useSight(scroller: HTMLElement | null, content: RefObject<HTMLElement | null>) {
  const [sight, setSight] = useState<Box>();
  // What is in sight is known to the browser alone.
  useLayoutEffect(() => {
    const inner = content.current;
    if (!scroller || !inner) return;
    const look = () => {
      const seen = sightOf(scroller.getBoundingClientRect(), inner.getBoundingClientRect());
      setSight((before) => (before !== undefined && isSame(before, seen) ? before : seen));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(scroller);
    // Caught on its way down: what scrolls sideways stands inside.
    scroller.addEventListener("scroll", look, { capture: true, passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", look, { capture: true });
    };
  }, [scroller, content]);
  return sight;
}

/** Both as they stand in the window; the result counts from the corner of the content. */
function sightOf(outer: DOMRect, inner: DOMRect): Box {
  const before = (distance: number) => Math.floor(distance / STEP - 1) * STEP;
  const behind = (distance: number) => Math.ceil(distance / STEP + 1) * STEP;
  return {
    left: before(outer.left - inner.left),
    top: before(outer.top - inner.top),
    right: behind(outer.right - inner.left),
    bottom: behind(outer.bottom - inner.top),
  };
}

function isSame(a: Box, b: Box): boolean {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
}
