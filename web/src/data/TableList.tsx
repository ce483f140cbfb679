// The tables there are: what each is for, how many rows it has, when it was changed.
import { Plus, Table2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Table, useTables } from "../api/data.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { NothingFound } from "../ui/NothingFound.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useView } from "../useView.ts";

type TableListProps = { onNew(): void };

export function TableList({ onNew }: TableListProps) {
  const { t } = useTranslation("data");
  const [view, change] = useView();
  const search = view.get("search") ?? "";
  return (
    <>
      <SearchInput
        label={t("tables.search")}
        value={search}
        onChange={(text) => change({ search: text })}
        className="w-full sm:max-w-sm"
      />
      <Found search={search} onClear={() => change({ search: undefined })} onNew={onNew} />
    </>
  );
}

function Found({ search, onClear, onNew }: TableListProps & { search: string; onClear(): void }) {
  const { t } = useTranslation("data");
  const format = useFormat();
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useTables(search);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length === 0 && search !== "") return <NothingFound search={search} onClear={onClear} />;
  if (rows.length === 0)
    return (
      <EmptyState
        icon={Table2}
        title={t("tables.empty.title")}
        actions={
          <Button tone="primary" onClick={onNew}>
            <Plus aria-hidden className="size-4" />
            {t("tables.new")}
          </Button>
        }
      >
        {t("tables.empty.text")}
      </EmptyState>
    );
  const columns: Column<Table>[] = [
    {
      id: "name",
      header: t("name"),
      width: "minmax(0, 1.2fr)",
      cell: (row) => (
        <div className="min-w-0">
          <Link
            to={paths.data({ open: row.id })}
            data-row-link
            dir="auto"
            className="block truncate rounded-sm font-medium after:absolute after:inset-0 rtl:text-right"
          >
            {row.name}
          </Link>
          {row.description && (
            <p dir="auto" className="truncate text-muted text-xs rtl:text-right">
              {row.description}
            </p>
          )}
        </div>
      ),
    },
    {
      id: "columns",
      header: t("tables.columns"),
      width: "minmax(0, 1fr)",
      from: "tablet",
      cell: (row) => (
        <span dir="auto" className="block truncate text-muted text-xs rtl:text-right">
          {row.columns.map(({ name }) => name).join(", ")}
        </span>
      ),
    },
    {
      id: "rows",
      header: t("tables.rows"),
      width: "6rem",
      align: "end",
      cell: (row) => <span className="tabular-nums">{format.number(row.rows)}</span>,
    },
    {
      id: "changed",
      header: t("changed"),
      width: "9rem",
      from: "desk",
      cell: (row) => (
        <span className="relative z-1">
          <RelativeTime at={row.updatedAt} />
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t("tables.title")}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      rowHeight={56}
      {...(hasNextPage ? { total: -1 } : {})}
      onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
      className="max-w-[110rem]"
    />
  );
}
