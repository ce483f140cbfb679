// One table: its rows, and what can be done with them and with it.
import { Download, Ellipsis, FileUp, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { exportRows, type Table, type TableRow, useDeleteTable, useTable } from "../api/data.ts";
import { paths } from "../paths.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { isGone } from "../ui/describeError.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { GoneState } from "../ui/GoneState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu } from "../ui/Menu.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";
import { ImportDialog } from "./ImportDialog.tsx";
import { RowDialog } from "./RowDialog.tsx";
import { RowList } from "./RowList.tsx";
import { TableDialog } from "./TableDialog.tsx";

type Open = "import" | "table" | { row: TableRow | null };

export function TablePage({ id }: { id: string }) {
  const { t } = useTranslation("data");
  const [open, setOpen] = useState<Open | null>(null);
  const [, change] = useView();
  const { data, error, refetch, isFetching } = useTable(id);
  const table = isGone(error) ? undefined : data;
  const close = () => setOpen(null);
  return (
    <Page
      title={data?.name ?? t("tables.one")}
      crumbs={[{ label: t("title"), to: paths.data() }]}
      actions={
        table && (
          <>
            <TableMenu table={table} onImport={() => setOpen("import")} onEdit={() => setOpen("table")} />
            <Button tone="primary" onClick={() => setOpen({ row: null })}>
              <Plus aria-hidden className="size-4" />
              <span className="max-sm:sr-only">{t("rows.new")}</span>
            </Button>
          </>
        )
      }
      flush
    >
      <div className="flex min-h-0 flex-1 flex-col gap-3 p-4 sm:p-6">
        {isGone(error) && <GoneState name={data?.name} onBack={() => change({ open: undefined })} />}
        {error && !table && !isGone(error) && (
          <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />
        )}
        {!error && !table && <SkeletonRows label={t("loading")} />}
        {table?.description && (
          <p dir="auto" className="text-muted text-sm rtl:text-right">
            {table.description}
          </p>
        )}
        {table && (
          <RowList
            table={table}
            onNew={() => setOpen({ row: null })}
            onImport={() => setOpen("import")}
            onEdit={(row) => setOpen({ row })}
          />
        )}
      </div>
      {table && open === "import" && <ImportDialog table={table} onClose={close} />}
      {table && open === "table" && <TableDialog table={table} onClose={close} />}
      {table && open !== null && typeof open === "object" && (
        <RowDialog table={table} row={open.row} onClose={close} />
      )}
    </Page>
  );
}

type TableMenuProps = { table: Table; onImport(): void; onEdit(): void };

function TableMenu({ table, onImport, onEdit }: TableMenuProps) {
  const { t } = useTranslation("data");
  const [, change] = useView();
  const tellFailure = useTellFailure();
  const remove = useDeleteTable();
  const { id, name, rows } = table;
  const ask = async () => {
    const question = { title: t("delete.title", { name }), action: t("delete.action"), danger: true };
    if (!(await confirm({ ...question, description: t("tables.deleteText", { count: rows }) }))) return;
    const onGone = () => change({ open: undefined });
    await remove
      .mutateAsync({ id, onGone })
      .then(() => toast.success(t("delete.done", { name })), tellFailure);
  };
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={t("menu", { name })} />}
      entries={[
        { label: t("import.title"), icon: FileUp, onSelect: onImport },
        { label: t("export"), icon: Download, onSelect: () => void exportRows(table).catch(tellFailure) },
        { label: t("tables.edit"), icon: Pencil, onSelect: onEdit },
        "separator",
        { label: t("tables.delete"), icon: Trash2, danger: true, onSelect: () => void ask() },
      ]}
    />
  );
}
