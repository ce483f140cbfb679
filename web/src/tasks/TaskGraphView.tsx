// The graph of what hangs on what. Read from left to right in every language, as time is on a plan; the critical path
// is the stronger line. Each card is a button that opens its task. Only what is in sight is drawn: there may be a thousand.
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type TaskGraph, useTaskGraph } from "../api/tasks.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { classes } from "../ui/classes.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { CARD, inBox, layoutGraph } from "./layoutGraph.ts";
import { TaskState } from "./TaskState.tsx";
import { useSight } from "./useSight.ts";

export function TaskGraphView({ onOpen }: { onOpen(id: string): void }) {
  const { t } = useTranslation("tasks");
  const { data, error, refetch, isFetching } = useTaskGraph();
  const graph = useMemo(() => (data ? layoutGraph(data) : undefined), [data]);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!graph) return <SkeletonRows label={t("loading")} />;
  return <Graph graph={graph} onOpen={onOpen} />;
}

type GraphProps = { graph: ReturnType<typeof layoutGraph>; onOpen(id: string): void };

function Graph({ graph, onOpen }: GraphProps) {
  const { t } = useTranslation("tasks");
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  return (
    <div ref={setScroller} className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto">
      {!graph.isComplete && <p className="text-muted text-sm">{t("graph.incomplete")}</p>}
      {graph.tasks.length === 0 && <p className="text-muted">{t("graph.none")}</p>}
      {graph.tasks.length > 0 && <Linked graph={graph} scroller={scroller} onOpen={onOpen} />}
      {graph.alone.length > 0 && (
        <section aria-label={t("graph.alone")}>
          <h2 className="mb-2 text-muted text-xs">{t("graph.alone")}</h2>
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-3">
            {graph.alone.map((task) => (
              <li key={task.id} style={{ height: CARD.height }}>
                <Card task={task} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Linked({ graph, scroller, onOpen }: GraphProps & { scroller: HTMLElement | null }) {
  const plane = useRef<HTMLDivElement>(null);
  const sight = useSight(scroller, plane);
  const { tasks, edges } = useMemo(() => (sight ? inBox(graph, sight) : nothing), [graph, sight]);
  return (
    <div dir="ltr" className="shrink-0 overflow-x-auto rounded-lg border border-line bg-bg p-4">
      <div ref={plane} className="relative" style={{ width: graph.width, height: graph.height }}>
        <svg aria-hidden width={graph.width} height={graph.height} className="absolute inset-0">
          {edges.map(({ from, to, on, path, isCritical }) => (
            <path
              key={`${from} ${to}`}
              d={path}
              fill="none"
              strokeDasharray={on === "success" ? undefined : "5 4"}
              className={classes(
                isCritical ? "stroke-2 stroke-[var(--accent)]" : "stroke-[var(--control-line)]",
                on === "failure" && "stroke-[var(--fail)]",
              )}
            />
          ))}
        </svg>
        {tasks.map((task) => (
          <div key={task.id} className="absolute" style={{ left: task.x, top: task.y, ...size }}>
            <Card task={task} onOpen={onOpen} />
          </div>
        ))}
      </div>
    </div>
  );
}

const nothing: ReturnType<typeof inBox> = { tasks: [], edges: [] };
const size = { width: CARD.width, height: CARD.height };

function Card({ task, onOpen }: { task: TaskGraph["tasks"][number]; onOpen(id: string): void }) {
  const format = useFormat();
  return (
    <button
      type="button"
      onClick={() => onOpen(task.id)}
      className={classes(
        "flex size-full flex-col justify-center gap-1 rounded-lg border bg-panel px-3 text-start shadow-panel hover:bg-hover",
        task.isCritical ? "border-accent" : "border-line",
      )}
    >
      <span dir="auto" className="w-full truncate font-medium text-sm">
        {task.name}
      </span>
      <span className="flex w-full items-center gap-2 text-muted text-xs">
        <TaskState status={task.status} isPaused={task.paused} />
        {task.durationMs !== null && (
          <span className="min-w-0 truncate">{format.duration(task.durationMs)}</span>
        )}
      </span>
    </button>
  );
}
