// What is under way and what waits, each with its reason.
import { useTranslation } from "react-i18next";
import { useOpenRuns } from "../api/tasks.ts";
import { Button } from "../ui/Button.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { RunRow } from "./TaskSheet.tsx";

export function WaitingRuns() {
  const { t } = useTranslation("tasks");
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useOpenRuns();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  if (data.length === 0)
    return (
      <p role="status" className="text-muted">
        {t("waiting.none")}
      </p>
    );
  return (
    <ol
      aria-label={t("view.waiting")}
      className="max-w-4xl divide-y divide-line overflow-y-auto rounded-lg border border-line bg-panel px-4"
    >
      {data.map((run) => (
        <li key={run.id} className="grid gap-1 py-2.5 text-xs">
          <RunRow run={run} named />
        </li>
      ))}
      {hasNextPage && (
        <li className="py-3">
          <Button size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("ui:more")}
          </Button>
        </li>
      )}
    </ol>
  );
}
