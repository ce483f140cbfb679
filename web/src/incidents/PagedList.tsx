// A list that is read page by page: waiting, failing and empty states, rows, and the way to more of them.
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";

type PagedListProps<Row> = {
  query: UseInfiniteQueryResult<InfiniteData<{ items: readonly Row[] }>>;
  none: { icon: LucideIcon; title: string; text: string };
  rowClass: string;
  row: (row: Row) => ReactNode;
};

export function PagedList<Row extends { id: string }>({ query, none, rowClass, row }: PagedListProps<Row>) {
  const { t } = useTranslation("incidents");
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length === 0)
    return (
      <EmptyState icon={none.icon} title={none.title}>
        {none.text}
      </EmptyState>
    );
  return (
    <>
      <ol className="max-w-5xl divide-y divide-line rounded-lg border border-line bg-panel">
        {rows.map((one) => (
          <li key={one.id} className={rowClass}>
            {row(one)}
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button
          size="small"
          busy={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
          className="self-start"
        >
          {t("more")}
        </Button>
      )}
    </>
  );
}
