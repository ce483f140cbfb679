// The list in its four states, with what is selected in it.
import { ArrowUp, ListTree } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ExecutionFilter } from "../../api/executions.ts";
import { useFormat } from "../../i18n/useFormat.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { SkeletonRows } from "../../ui/Skeleton.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { ExecutionTable } from "./ExecutionTable.tsx";
import { useExecutionRows } from "./useExecutionRows.ts";

const PARTS_AT_ONCE = 5;
const none: ReadonlySet<string> = new Set();

export function ExecutionList({ filter }: { filter: ExecutionFilter }) {
  const { t } = useTranslation("executions");
  const [isAtTop, setIsAtTop] = useState(true);
  const [selected, setSelected] = useState(none);
  const list = useExecutionRows(filter, isAtTop);
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = list;

  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);

  // What no index leads to is searched part by part: a few by themselves, then the person decides.
  const pages = data?.pages ?? [];
  const searchedTo = pages.at(-1)?.searchedTo;
  const goesOn =
    searchedTo !== undefined && pages.length % PARTS_AT_ONCE !== 0 && !isFetchingNextPage && !error;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  const further = searchedTo !== undefined && (
    <SearchedSoFar at={searchedTo} busy={goesOn || isFetchingNextPage} onMore={() => void fetchNextPage()} />
  );

  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("list.loading")} rows={10} />;
  if (rows.length === 0 && further) return further;
  if (rows.length === 0) {
    return Object.keys(filter).length === 0 ? <NoExecutions /> : <NothingFound />;
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col gap-3">
      {list.waiting > 0 && (
        <Button
          size="small"
          tone="primary"
          className="absolute start-1/2 top-11 z-10 -translate-x-1/2 shadow-over rtl:translate-x-1/2"
          onClick={() => void list.showWaiting()}
        >
          <ArrowUp aria-hidden className="size-3.5" />
          {t("list.waiting", { count: list.waiting })}
        </Button>
      )}
      <ExecutionTable
        rows={rows}
        hasMore={hasNextPage}
        placeKey={`executions ${JSON.stringify(filter)}`}
        selected={selected}
        onSelect={setSelected}
        onNearEnd={() => hasNextPage && !searchedTo && !isFetchingNextPage && void fetchNextPage()}
        onAtTopChange={setIsAtTop}
      />
      {further}
      {selected.size > 0 && (
        <BulkBar rows={rows.filter(({ id }) => selected.has(id))} onClear={() => setSelected(none)} />
      )}
    </div>
  );
}

type SearchedSoFarProps = { at: string; busy: boolean; onMore(): void };

function SearchedSoFar({ at, busy, onMore }: SearchedSoFarProps) {
  const { t } = useTranslation("executions");
  const format = useFormat();
  return (
    <p role="status" className="flex shrink-0 flex-wrap items-center gap-3 text-muted text-sm">
      {t("list.searchedTo", { time: format.exact(Date.parse(at)) })}
      <Button size="small" busy={busy} onClick={onMore}>
        {t("list.searchFurther")}
      </Button>
    </p>
  );
}

function NoExecutions() {
  const { t } = useTranslation("executions");
  return (
    <EmptyState
      icon={ListTree}
      title={t("list.empty.title")}
      actions={
        <Button asChild tone="primary">
          <Link to={paths.workflows()}>{t("list.empty.action")}</Link>
        </Button>
      }
    >
      {t("list.empty.text")}
    </EmptyState>
  );
}

/** The way out, "Clear filters", stands beside the filters above. */
function NothingFound() {
  const { t } = useTranslation("executions");
  return (
    <p role="status" className="text-muted">
      {t("list.nothingFound")}
    </p>
  );
}
