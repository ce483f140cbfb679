// One list of the page: loading, trouble, nothing, or its rows; the next ones come near the end.
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";

type Asked<Row> = {
  data: { pages: readonly { items: readonly Row[] }[] } | undefined;
  error: Error | null;
  refetch(): unknown;
  isFetching: boolean;
  hasNextPage: boolean;
  fetchNextPage(): unknown;
  isFetchingNextPage: boolean;
};

type ListOfProps<Row> = {
  asked: Asked<Row>;
  columns: readonly Column<Row>[];
  rowKey(row: Row): string;
  label: string;
  icon: LucideIcon;
  empty: { title: string; text: ReactNode };
};

export function ListOf<Row>({ asked, columns, rowKey, label, icon, empty }: ListOfProps<Row>) {
  const { t } = useTranslation("events");
  const { data, error, isFetching } = asked;
  if (error && !data)
    return <ErrorState error={error} onRetry={() => void asked.refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length === 0)
    return (
      <EmptyState icon={icon} title={empty.title}>
        {empty.text}
      </EmptyState>
    );
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowKey={rowKey}
      rowHeight={56}
      {...(asked.hasNextPage ? { total: -1 } : {})}
      onNearEnd={() => asked.hasNextPage && !asked.isFetchingNextPage && void asked.fetchNextPage()}
      className="max-w-[110rem]"
    />
  );
}

/** A name above, what belongs to it below, each cut where the column ends. */
export function TwoLines({
  above,
  below,
  isCode = false,
}: {
  above: ReactNode;
  below?: ReactNode;
  isCode?: boolean;
}) {
  return (
    <div className="min-w-0">
      <div
        dir={isCode ? "ltr" : "auto"}
        className={
          isCode ? "truncate font-mono text-sm rtl:text-right" : "truncate font-medium rtl:text-right"
        }
      >
        {above}
      </div>
      {below !== undefined && (
        <div dir="auto" className="truncate text-muted text-xs rtl:text-right">
          {below}
        </div>
      )}
    </div>
  );
}
