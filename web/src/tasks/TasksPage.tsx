// Tasks: the list, the graph of what hangs on what, and what waits and why. What is open stands in the address.
import { Gauge, Hourglass, LayoutTemplate, List, Network, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useOptimize, useTask, useTasks } from "../api/tasks.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { NothingFound } from "../ui/NothingFound.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useView } from "../useView.ts";
import { OptimizeDialog } from "./OptimizeDialog.tsx";
import { TaskDialog } from "./TaskDialog.tsx";
import { TaskGraphView } from "./TaskGraphView.tsx";
import { TaskSheet } from "./TaskSheet.tsx";
import { TaskTable } from "./TaskTable.tsx";
import { TemplateDialog } from "./TemplateDialog.tsx";
import { WaitingRuns } from "./WaitingRuns.tsx";

const modes = ["list", "graph", "waiting"] as const;
const icons = { list: List, graph: Network, waiting: Hourglass };

export function TasksPage() {
  const { t } = useTranslation("tasks");
  const [view, change] = useView();
  const mode = modes.find((one) => one === view.get("view")) ?? "list";
  const search = view.get("search") ?? "";
  const opened = view.get("open");
  const edited = view.get("edit");
  const optimize = useOptimize();
  return (
    <Page
      title={t("title")}
      actions={
        <Button tone="primary" onClick={() => change({ new: "1" })}>
          <Plus aria-hidden className="size-4" />
          <span className="max-sm:sr-only">{t("new")}</span>
        </Button>
      }
      flush
    >
      <div className="flex min-h-0 flex-1 flex-col gap-4 p-4 sm:p-6">
        <div className="flex flex-wrap items-center gap-2">
          <SegmentedControl
            label={t("view.label")}
            value={mode}
            onChange={(value) => change({ view: value === "list" ? undefined : value })}
            segments={modes.map((value) => ({ value, label: t(`view.${value}`), icon: icons[value] }))}
          />
          {mode === "list" && (
            <SearchInput
              label={t("search")}
              value={search}
              onChange={(text) => change({ search: text })}
              className="min-w-40 flex-1 sm:max-w-xs"
            />
          )}
          {mode === "waiting" && (
            <Button onClick={() => optimize.mutate(false)} busy={optimize.isPending}>
              <Gauge aria-hidden className="size-4" />
              {t("optimize.action")}
            </Button>
          )}
          <Button onClick={() => change({ template: "1" })}>
            <LayoutTemplate aria-hidden className="size-4" />
            {t("templates.action")}
          </Button>
        </div>
        {mode === "list" && <TaskList search={search} />}
        {mode === "graph" && <TaskGraphView onOpen={(id) => change({ open: id })} />}
        {mode === "waiting" && <WaitingRuns />}
      </div>
      {opened !== null && <TaskSheet id={opened} onClose={() => change({ open: undefined })} />}
      {view.has("new") && <TaskDialog task={null} onClose={() => change({ new: undefined })} />}
      {edited !== null && <EditTask key={edited} id={edited} onClose={() => change({ edit: undefined })} />}
      {view.has("template") && <TemplateDialog onClose={() => change({ template: undefined })} />}
      {optimize.data && <OptimizeDialog result={optimize.data} onClose={optimize.reset} />}
    </Page>
  );
}

/** Over the sheet it was asked from, once the task is there. */
function EditTask({ id, onClose }: { id: string; onClose(): void }) {
  const { data } = useTask(id);
  return data ? <TaskDialog task={data} onClose={onClose} /> : null;
}

function TaskList({ search }: { search: string }) {
  const { t } = useTranslation("tasks");
  const [, change] = useView();
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useTasks(search);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length > 0)
    return (
      <TaskTable
        rows={rows}
        hasMore={hasNextPage}
        onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
      />
    );
  if (search !== "")
    return (
      <NothingFound text={t("nothingFound", { search })} onClear={() => change({ search: undefined })} />
    );
  return (
    <EmptyState
      icon={Network}
      title={t("empty.title")}
      actions={
        <>
          <Button tone="primary" onClick={() => change({ new: "1" })}>
            <Plus aria-hidden className="size-4" />
            {t("empty.create")}
          </Button>
          <Button onClick={() => change({ template: "1" })}>{t("templates.action")}</Button>
        </>
      }
    >
      {t("empty.text")}
    </EmptyState>
  );
}
