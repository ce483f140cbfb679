// The variables there are: how an expression reads each, and its value.
import { Braces, Pencil, Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDeleteVariable, useVariables, type Variable } from "../api/data.ts";
import { Button } from "../ui/Button.tsx";
import { CopyButton } from "../ui/CopyButton.tsx";
import { confirm } from "../ui/confirmations.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { NothingFound } from "../ui/NothingFound.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";

type VariableListProps = { onNew(): void; onEdit(variable: Variable): void };

export function VariableList({ onNew, onEdit }: VariableListProps) {
  const { t } = useTranslation("data");
  const [view, change] = useView();
  const search = view.get("search") ?? "";
  const { data, error, refetch, isFetching } = useVariables();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  if (data.items.length === 0)
    return (
      <EmptyState
        icon={Braces}
        title={t("variables.empty.title")}
        actions={
          <Button tone="primary" onClick={onNew}>
            <Plus aria-hidden className="size-4" />
            {t("variables.new")}
          </Button>
        }
      >
        {t("variables.empty.text")}
      </EmptyState>
    );
  // All of them are here already: an expression may read any.
  const rows = data.items.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  const columns: Column<Variable>[] = [
    { id: "name", header: t("name"), width: "minmax(0, 1fr)", cell: (row) => <Name variable={row} /> },
    {
      id: "value",
      header: t("variables.value"),
      width: "minmax(0, 1fr)",
      cell: ({ value }) => (
        <code dir="ltr" className="block truncate font-mono text-xs rtl:text-right">
          {JSON.stringify(value).slice(0, 300)}
        </code>
      ),
    },
    {
      id: "changed",
      header: t("changed"),
      width: "9rem",
      from: "desk",
      cell: (row) => <RelativeTime at={row.updatedAt} />,
    },
    {
      id: "actions",
      header: t("actions"),
      isHeaderHidden: true,
      width: "5rem",
      align: "end",
      cell: (row) => <VariableActions variable={row} onEdit={() => onEdit(row)} />,
    },
  ];
  return (
    <>
      <SearchInput
        label={t("variables.search")}
        value={search}
        onChange={(text) => change({ search: text })}
        className="w-full sm:max-w-sm"
      />
      {rows.length === 0 ? (
        <NothingFound search={search} onClear={() => change({ search: undefined })} />
      ) : (
        <DataTable
          label={t("variables.title")}
          columns={columns}
          rows={rows}
          rowKey={({ name }) => name}
          rowHeight={64}
          className="max-w-[110rem]"
        />
      )}
    </>
  );
}

function Name({ variable: { name, description } }: { variable: Variable }) {
  const { t } = useTranslation("data");
  const read = `{{ $vars.${name} }}`;
  return (
    <div className="min-w-0">
      <div className="flex items-center gap-1">
        <span dir="ltr" title={name} className="truncate font-medium font-mono text-xs">
          {name}
        </span>
        <span className="-my-1.5 max-sm:hidden">
          <CopyButton text={read} label={t("variables.copy", { name })} />
        </span>
      </div>
      {description && (
        <p dir="auto" className="truncate text-muted text-xs rtl:text-right">
          {description}
        </p>
      )}
    </div>
  );
}

function VariableActions({ variable: { name }, onEdit }: { variable: Variable; onEdit(): void }) {
  const { t } = useTranslation("data");
  const tellFailure = useTellFailure();
  const remove = useDeleteVariable();
  const ask = async () => {
    const question = { title: t("delete.title", { name }), action: t("delete.action"), danger: true };
    if (await confirm({ ...question, description: t("variables.deleteText") }))
      remove.mutate(name, {
        onSuccess: () => toast.success(t("delete.done", { name })),
        onError: tellFailure,
      });
  };
  return (
    <div className="flex gap-0.5">
      <IconButton size="small" icon={Pencil} label={t("variables.edit", { name })} onClick={onEdit} />
      <IconButton
        size="small"
        icon={Trash2}
        label={t("variables.delete", { name })}
        onClick={() => void ask()}
      />
    </div>
  );
}
