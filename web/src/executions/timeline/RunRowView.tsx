// One node run in the timeline: its name, its bars, how long it took.
import { Repeat } from "lucide-react";
import { useTranslation } from "react-i18next";
import { classes } from "../../ui/classes.ts";
import { Duration } from "../../ui/Duration.tsx";
import { StatusIcon } from "../../ui/Status.tsx";
import { Bars } from "./Bars.tsx";
import type { Scale } from "./scale.ts";
import type { RunRow } from "./timelineRows.ts";

export const rowLooks =
  "grid h-full w-full grid-cols-[var(--names)_minmax(0,1fr)_5.75rem] items-center border-line border-b px-3 text-start -outline-offset-2";

type RunRowViewProps = { row: RunRow; scale: Scale; isChosen: boolean; onChoose(): void };

export function RunRowView({ row, scale, isChosen, onChoose }: RunRowViewProps) {
  const { t } = useTranslation("executions");
  const { run } = row;
  const isSkipped = run.status === "skipped" || (run.kept === true && run.status === "succeeded");
  return (
    <button
      type="button"
      data-row
      aria-current={isChosen || undefined}
      onClick={onChoose}
      className={classes(rowLooks, isChosen ? "bg-accent-soft" : "hover:bg-hover/60")}
    >
      <span className="flex min-w-0 items-center gap-2 pe-2" style={{ paddingInlineStart: row.depth * 14 }}>
        <StatusIcon status={run.status} />
        <span className={classes("truncate", run.status === "skipped" && "text-muted")}>{run.name}</span>
        {(run.itemsTotal ?? 0) > 1 && (
          <span className="shrink-0 text-2xs text-muted">
            {t("timeline.items", { done: run.itemsDone ?? 0, total: run.itemsTotal })}
          </span>
        )}
        {run.attempts > Math.max(1, run.itemsTotal ?? 1) && (
          <span className="inline-flex shrink-0 items-center gap-0.5 text-2xs text-wait">
            <Repeat aria-hidden className="size-3" />
            {t("timeline.attempts", { count: run.attempts })}
          </span>
        )}
      </span>
      <span className="relative block h-4">{!isSkipped && <Bars run={run} scale={scale} />}</span>
      <span className="truncate text-end text-muted text-xs">
        {run.kept ? (
          t("timeline.kept")
        ) : run.status === "skipped" ? (
          t("timeline.skipped")
        ) : run.durationMs === null ? (
          <Duration since={run.startedAt} />
        ) : (
          <Duration ms={run.durationMs} />
        )}
      </span>
    </button>
  );
}
