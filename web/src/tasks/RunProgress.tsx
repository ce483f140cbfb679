// How far a run is, and about how long it will still take.
import { useTranslation } from "react-i18next";
import type { TaskRun } from "../api/tasks.ts";
import { useFormat } from "../i18n/useFormat.ts";

export function RunProgress({
  run,
}: {
  run: Pick<TaskRun, "percent" | "stage" | "remainingMs" | "taskName">;
}) {
  const { t } = useTranslation("tasks");
  const format = useFormat();
  const left = run.remainingMs === null ? "" : t("remaining", { time: format.duration(run.remainingMs) });
  return (
    <div className="grid gap-0.5">
      <div
        role="progressbar"
        aria-label={t("progressOf", { name: run.taskName })}
        aria-valuenow={run.percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-1 w-full max-w-48 overflow-hidden rounded-full bg-sunken"
      >
        <div className="h-full rounded-full bg-run" style={{ width: `${run.percent}%` }} />
      </div>
      <p className="truncate text-muted text-xs">
        {[format.percent(run.percent / 100), run.stage ?? "", left].filter((part) => part !== "").join(" · ")}
      </p>
    </div>
  );
}
