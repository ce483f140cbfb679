// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
// The workflow as it was drawn, with how each node fared. Read-only: a picture of lines, and a button on each node.
import type { Execution, NodeRunView } from "@auraos/contract";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../../ui/classes.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { StatusIcon } from "../../ui/Status.tsx";
import { useDefinition } from "../queries.ts";
import { type Box, layoutGraph } from "./layoutGraph.ts";
import { type NodeState, nodeStates } from "./nodeStates.ts";

type GraphOverlayProps = {
  execution: Execution;
  runs: readonly NodeRunView[];
  chosen: string | undefined;
  onChoose(run: string): void;
};

const ZOOM_MIN = 0.6;

const borders: Record<NodeRunView["status"], string> = {
  running: "border-run-fill",
  waiting: "border-wait-fill border-dashed",
  parked: "border-wait-fill border-dashed",
  succeeded: "border-ok-fill",
  failed: "border-fail-fill border-2",
  cancelled: "border-line-strong",
  skipped: "border-line border-dotted",
};

export default function GraphOverlay({ execution, runs, chosen, onChoose }: GraphOverlayProps) {
  const { t } = useTranslation("executions");
  const { data, error, refetch } = useDefinition(execution.workflowId, execution.version);
  const layout = useMemo(() => data && layoutGraph(data), [data]);
  const place = useRef<HTMLElement>(null);
  const zoom = useZoom(place, layout?.width);
  const states = useMemo(() => nodeStates(runs), [runs]);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data || !layout) return <Skeleton className="min-h-80 w-full flex-1 rounded-lg" />;
  const names = new Map(data.nodes.map(({ id, name }) => [id, name ?? id]));
  return (
    <section
      ref={place}
      tabIndex={0}
      aria-label={t("graph.label")}
      dir="ltr"
      className="min-h-80 flex-1 overflow-auto rounded-lg border border-line bg-[radial-gradient(var(--line-strong)_1px,transparent_1px)] bg-panel [background-size:20px_20px]"
    >
      <div className="relative" style={{ width: layout.width, height: layout.height, zoom }}>
        {layout.boxes
          .filter(({ isBlock }) => isBlock)
          .map((box) => (
            <NodeBox
              key={box.id}
              box={box}
              name={names.get(box.id) ?? box.id}
              state={states.get(box.id)}
              isChosen={box.id === chosen}
              onChoose={onChoose}
            />
          ))}
        <svg
          aria-hidden="true"
          className="pointer-events-none absolute inset-0"
          width={layout.width}
          height={layout.height}
        >
          {layout.lines.map(({ id, path, from, to }) => (
            <path
              key={id}
              d={path}
              fill="none"
              strokeWidth={1.75}
              className={wasTaken(states, from, to) ? "stroke-ok-fill" : "stroke-line-strong"}
            />
          ))}
        </svg>
        {layout.boxes
          .filter(({ isBlock }) => !isBlock)
          .map((box) => (
            <NodeBox
              key={box.id}
              box={box}
              name={names.get(box.id) ?? box.id}
              state={states.get(box.id)}
              isChosen={box.id === chosen}
              onChoose={onChoose}
            />
          ))}
      </div>
    </section>
  );
}

type NodeBoxProps = {
  box: Box;
  name: string;
  state: NodeState | undefined;
  isChosen: boolean;
  onChoose(run: string): void;
};

function NodeBox({ box, name, state, isChosen, onChoose }: NodeBoxProps) {
  const { t } = useTranslation("executions");
  const { x, y, width, height, isBlock } = box;
  return (
    <button
      type="button"
      disabled={!state}
      onClick={() => state && onChoose(state.run)}
      aria-current={isChosen || undefined}
      className={classes(
        "absolute flex gap-2 rounded-lg border px-2.5 text-start text-xs",
        isBlock ? "items-start bg-accent-soft/40 pt-1.5" : "items-center bg-panel shadow-panel",
        state ? borders[state.status] : "border-line text-faint",
        isChosen && "outline-2 outline-accent outline-offset-2",
      )}
      style={{ left: x, top: y, width, height }}
    >
      {state && <StatusIcon status={state.status} />}
      <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
      {state && state.runs > 1 && (
        <span className="shrink-0 text-2xs text-muted">{t("graph.runs", { count: state.runs })}</span>
      )}
    </button>
  );
}

/** As much of the picture as can be read. */
function useZoom(place: RefObject<HTMLElement | null>, width: number | undefined): number {
  const [room, setRoom] = useState<number | undefined>(undefined);

  // The room is the browser's to tell; it changes with the window.
  useEffect(() => {
    if (!place.current || width === undefined) return;
    const observer = new ResizeObserver(([entry]) => setRoom(entry?.contentRect.width));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [place, width]);

  return room === undefined || width === undefined ? 1 : Math.min(1, Math.max(ZOOM_MIN, room / width));
}

function wasTaken(states: ReadonlyMap<string, NodeState>, from: string, to: string): boolean {
  const end = states.get(to);
  return states.has(from) && end !== undefined && end.status !== "skipped" && end.status !== "cancelled";
}
