// The rows of a table, a column for each of its own. It scrolls sideways by itself when there are many.
import { EllipsisVertical, FileUp, Pencil, Plus, Rows3, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type Table, type TableColumn, type TableRow, useDeleteRow, useTableRows } from "../api/data.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu } from "../ui/Menu.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useWidthStep } from "../ui/useMediaQuery.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";
import { SortHeader } from "./SortHeader.tsx";

type RowListProps = { table: Table; onNew(): void; onImport(): void; onEdit(row: TableRow): void };

/** Narrower, and values can no longer be read. */
const widthRem = ({ type }: TableColumn) => (type === "time" ? 14 : 8);
/** Between two columns. */
const GAP_REM = 1;
/** What is no column of the table: number, actions, edges. */
const REST_REM = 13;

export function RowList({ table, onNew, onImport, onEdit }: RowListProps) {
  const { t } = useTranslation("data");
  const [view] = useView();
  const isPhone = useWidthStep() === "phone";
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useTableRows(
    table.id,
    view.get("sort") ?? "",
  );
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length === 0)
    return (
      <EmptyState
        icon={Rows3}
        title={t("rows.empty.title")}
        actions={
          <>
            <Button tone="primary" onClick={onNew}>
              <Plus aria-hidden className="size-4" />
              {t("rows.new")}
            </Button>
            <Button onClick={onImport}>
              <FileUp aria-hidden className="size-4" />
              {t("import.title")}
            </Button>
          </>
        }
      >
        {t("rows.empty.text")}
      </EmptyState>
    );
  const actions: Column<TableRow> = {
    id: "actions",
    header: t("actions"),
    isHeaderHidden: true,
    width: isPhone ? "1.5rem" : "5rem",
    ...(isPhone ? {} : { align: "end" }),
    cell: (row) => <RowActions table={table} row={row} isMenu={isPhone} onEdit={() => onEdit(row)} />,
  };
  const columns: Column<TableRow>[] = [
    // On a phone the end is out of sight, and there is little room.
    ...(isPhone ? [actions] : []),
    {
      id: "id",
      header: <SortHeader column="id" label={t("rows.number")} />,
      width: "4rem",
      cell: ({ id }) => <span className="text-muted text-xs tabular-nums">{id}</span>,
    },
    ...table.columns.map(
      (column): Column<TableRow> => ({
        id: column.id,
        header: <SortHeader column={column.name} label={column.name} />,
        width: `minmax(${widthRem(column)}rem, 1fr)`,
        ...(column.type === "number" ? { align: "end" } : {}),
        cell: (row) => <Value column={column} value={row[column.name]} />,
      }),
    ),
    ...(isPhone ? [] : [actions]),
  ];
  const rem = table.columns.reduce((sum, column) => sum + widthRem(column) + GAP_REM, REST_REM);
  return (
    <div className="flex min-h-0 max-w-full overflow-x-auto">
      <div className="flex min-h-0 min-w-full flex-col" style={{ width: `${rem}rem` }}>
        <DataTable
          label={t("rows.of", { name: table.name })}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => String(id)}
          total={table.rows}
          onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
        />
      </div>
    </div>
  );
}

/** Numbers as they are: a grouped or rounded one is another value to who compares. */
function Value({ column: { type }, value }: { column: TableColumn; value: unknown }) {
  const { t } = useTranslation("data");
  const format = useFormat();
  if (value === null || value === undefined) return <span className="text-faint">—</span>;
  if (type === "number")
    return (
      <span dir="ltr" className="tabular-nums">
        {String(value)}
      </span>
    );
  if (type === "boolean") return <span>{value === true ? t("yes") : t("no")}</span>;
  if (type === "time")
    return <span className="block truncate">{format.exact(Date.parse(value as string))}</span>;
  if (type === "json")
    return (
      <code dir="ltr" className="block truncate font-mono text-xs rtl:text-right">
        {JSON.stringify(value)}
      </code>
    );
  return (
    <span dir="auto" className="block truncate rtl:text-right">
      {String(value)}
    </span>
  );
}

type RowActionsProps = { table: Table; row: TableRow; isMenu: boolean; onEdit(): void };

function RowActions({ table, row, isMenu, onEdit }: RowActionsProps) {
  const { t } = useTranslation("data");
  const tellFailure = useTellFailure();
  const remove = useDeleteRow();
  const ask = async () => {
    const question = {
      title: t("rows.deleteTitle", { row: row.id }),
      action: t("delete.action"),
      danger: true,
    };
    if (await confirm({ ...question, description: t("rows.deleteText") }))
      remove.mutate({ id: table.id, row: row.id }, { onError: tellFailure });
  };
  if (isMenu)
    return (
      <Menu
        align="start"
        trigger={<IconButton size="small" icon={EllipsisVertical} label={t("rows.more", { row: row.id })} />}
        entries={[
          { label: t("rows.edit", { row: row.id }), icon: Pencil, onSelect: onEdit },
          {
            label: t("rows.delete", { row: row.id }),
            icon: Trash2,
            danger: true,
            onSelect: () => void ask(),
          },
        ]}
      />
    );
  return (
    <div className="flex gap-0.5">
      <IconButton size="small" icon={Pencil} label={t("rows.edit", { row: row.id })} onClick={onEdit} />
      <IconButton
        size="small"
        icon={Trash2}
        label={t("rows.delete", { row: row.id })}
        onClick={() => void ask()}
      />
    </div>
  );
}
