// The whole graph in a corner, with the part that is seen: press or drag to go there, turn the wheel to come closer. All
// nodes are one path, because a component for each of a thousand would have to be asked at every step of a movement.
import { type InternalNode, Panel, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { type PointerEvent, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";

const SIZE = { width: 160, height: 104 };
const MARGIN = 5;

type Rect = { x: number; y: number; width: number; height: number };
/** `scale`: units of the graph in one pixel. */
type Window = Rect & { scale: number };

export function Overview() {
  const { t } = useTranslation("builder");
  const flow = useReactFlow();
  const store = useStoreApi();
  const nodes = useStore((state) => state.nodes);
  const [x, y, zoom] = useStore((state) => state.transform);
  const paneWidth = useStore((state) => state.width);
  const paneHeight = useStore((state) => state.height);
  const { path, bounds } = useMemo(
    () => draw(nodes.length === 0 ? new Map() : store.getState().nodeLookup),
    [nodes, store],
  );
  const seen = { x: -x / zoom, y: -y / zoom, width: paneWidth / zoom, height: paneHeight / zoom };
  const window = windowOver(bounds ? around(bounds, seen) : seen);
  const svg = useRef<SVGSVGElement>(null);
  // What is shown grows when the part that is seen leaves the graph; a drag goes on in the measure it began with.
  const pressed = useRef<Window>(null);

  const goTo = (event: PointerEvent<SVGSVGElement>) => {
    const from = pressed.current;
    if (!from) return;
    const place = event.currentTarget.getBoundingClientRect();
    const at = {
      x: from.x + (event.clientX - place.left) * from.scale,
      y: from.y + (event.clientY - place.top) * from.scale,
    };
    void flow.setCenter(at.x, at.y, { zoom: flow.getZoom() });
  };

  // React listens to the wheel passively, where the page cannot be kept from scrolling along.
  useEffect(() => {
    const element = svg.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      void flow.zoomTo(flow.getZoom() * 2 ** (-event.deltaY / 300));
    };
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [flow]);

  return (
    <Panel position="bottom-right" className="react-flow__minimap">
      <svg
        ref={svg}
        role="img"
        aria-label={t("canvas.minimap")}
        {...SIZE}
        viewBox={`${window.x} ${window.y} ${window.width} ${window.height}`}
        className="block cursor-grab touch-none active:cursor-grabbing"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          pressed.current = window;
          goTo(event);
        }}
        onPointerMove={goTo}
        onPointerUp={() => {
          pressed.current = null;
        }}
        onPointerCancel={() => {
          pressed.current = null;
        }}
      >
        <path d={path} className="overview-nodes" />
        <path d={boxPath(window) + boxPath(seen)} fillRule="evenodd" className="overview-rest" />
      </svg>
    </Panel>
  );
}

function draw(lookup: ReadonlyMap<string, InternalNode>): { path: string; bounds: Rect | undefined } {
  let path = "";
  let bounds: Rect | undefined;
  for (const { internals, measured, hidden } of lookup.values()) {
    if (hidden) continue;
    const box = { ...internals.positionAbsolute, width: measured.width ?? 0, height: measured.height ?? 0 };
    path += boxPath(box);
    bounds = bounds ? around(bounds, box) : box;
  }
  return { path, bounds };
}

function boxPath({ x, y, width, height }: Rect): string {
  return `M${x},${y}h${width}v${height}h${-width}z`;
}

function around(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** The rectangle in the middle of the overview, as large as it fits. */
function windowOver(shown: Rect): Window {
  const scale = Math.max(
    shown.width / (SIZE.width - 2 * MARGIN),
    shown.height / (SIZE.height - 2 * MARGIN),
    // Before the canvas knows its size.
    Number.EPSILON,
  );
  const [width, height] = [SIZE.width * scale, SIZE.height * scale];
  return {
    x: shown.x - (width - shown.width) / 2,
    y: shown.y - (height - shown.height) / 2,
    width,
    height,
    scale,
  };
}
