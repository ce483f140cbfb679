// Schedules: what starts by itself, as a list or as a calendar. What is open stands in the address.
import { CalendarDays, CalendarOff, List, Plus, Timer } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schedule, useSchedules } from "../api/schedules.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { NothingFound } from "../ui/NothingFound.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { Select } from "../ui/Select.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useView } from "../useView.ts";
import { BackfillDialog } from "./BackfillDialog.tsx";
import { CalendarsView } from "./CalendarsView.tsx";
import { CalendarView } from "./CalendarView.tsx";
import { ScheduleDialog } from "./ScheduleDialog.tsx";
import { ScheduleSheet } from "./ScheduleSheet.tsx";
import { ScheduleTable } from "./ScheduleTable.tsx";

const modes = ["list", "calendar", "off"] as const;
const states = ["all", "active", "paused", "ended"] as const;

export function SchedulesPage() {
  const { t } = useTranslation("schedules");
  const [view, change] = useView();
  const [edited, setEdited] = useState<Schedule | null>(null);
  const [backfilled, setBackfilled] = useState<Schedule | null>(null);
  const mode = modes.find((one) => one === view.get("view")) ?? "list";
  const search = view.get("search") ?? "";
  const status = view.get("status") ?? "";
  const opened = view.get("open");
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
            segments={[
              { value: "list", label: t("view.list"), icon: List },
              { value: "calendar", label: t("view.calendar"), icon: CalendarDays },
              { value: "off", label: t("view.off"), icon: CalendarOff },
            ]}
          />
          {mode === "list" && (
            <>
              <SearchInput
                label={t("search")}
                value={search}
                onChange={(text) => change({ search: text })}
                className="min-w-44 flex-1 sm:max-w-xs"
              />
              <Select
                aria-label={t("columns.state")}
                className="w-36"
                value={status || "all"}
                onChange={(value) => change({ status: value === "all" ? undefined : value })}
                options={states.map((value) => ({ value, label: t(`state.${value}`) }))}
              />
            </>
          )}
        </div>
        {mode === "calendar" && <CalendarView />}
        {mode === "off" && <CalendarsView />}
        {mode === "list" && (
          <ScheduleList search={search} status={status} onEdit={setEdited} onBackfill={setBackfilled} />
        )}
      </div>
      {opened !== null && (
        <ScheduleSheet
          id={opened}
          onClose={() => change({ open: undefined })}
          onEdit={setEdited}
          onBackfill={setBackfilled}
        />
      )}
      {(view.has("new") || edited) && (
        <ScheduleDialog
          schedule={edited}
          onClose={() => {
            setEdited(null);
            change({ new: undefined });
          }}
        />
      )}
      {backfilled && <BackfillDialog schedule={backfilled} onClose={() => setBackfilled(null)} />}
    </Page>
  );
}

type ListProps = {
  search: string;
  status: string;
  onEdit(schedule: Schedule): void;
  onBackfill(schedule: Schedule): void;
};

function ScheduleList({ search, status, onEdit, onBackfill }: ListProps) {
  const { t } = useTranslation("schedules");
  const [, change] = useView();
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useSchedules(
    search,
    status,
  );
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length > 0)
    return (
      <ScheduleTable
        rows={rows}
        hasMore={hasNextPage}
        onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
        onEdit={onEdit}
        onBackfill={onBackfill}
      />
    );
  if (search !== "" || status !== "")
    return (
      <NothingFound
        search={search}
        {...(status === "" ? {} : { text: t(search === "" ? "nothingFound" : "nothingFits") })}
        onClear={() => change({ search: undefined, status: undefined })}
      />
    );
  return (
    <EmptyState
      icon={Timer}
      title={t("empty.title")}
      actions={
        <Button tone="primary" onClick={() => change({ new: "1" })}>
          <Plus aria-hidden className="size-4" />
          {t("empty.create")}
        </Button>
      }
    >
      {t("empty.text")}
    </EmptyState>
  );
}
