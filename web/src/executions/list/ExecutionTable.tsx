// The rows: what ran, how it stands, why it failed, when and for how long. The name is the link of the whole row.
import type { ExecutionSummary } from "@auraos/contract";
import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Checkbox } from "../../ui/Checkbox.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { Duration } from "../../ui/Duration.tsx";
import { errorTitle } from "../../ui/errorTitle.ts";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { Status, StatusIcon } from "../../ui/Status.tsx";
import { isOpen } from "../executionCan.ts";

type ExecutionTableProps = {
  rows: readonly ExecutionSummary[];
  hasMore: boolean;
  placeKey: string;
  selected: ReadonlySet<string>;
  onSelect(selected: ReadonlySet<string>): void;
  onNearEnd(): void;
  onAtTopChange(isAtTop: boolean): void;
};

export function ExecutionTable({ rows, hasMore, selected, onSelect, ...place }: ExecutionTableProps) {
  const { t } = useTranslation("executions");
  const columns = useMemo(() => columnsOf(t, rows, selected, onSelect), [t, rows, selected, onSelect]);
  return (
    <DataTable
      label={t("title")}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      {...(hasMore ? { total: -1 } : {})}
      {...place}
      className="flex-1"
    />
  );
}

function columnsOf(
  t: TFunction<"executions">,
  rows: readonly ExecutionSummary[],
  selected: ReadonlySet<string>,
  onSelect: (selected: ReadonlySet<string>) => void,
): Column<ExecutionSummary>[] {
  const toggle = (id: string, isOn: boolean) => {
    const next = new Set(selected);
    if (isOn) next.add(id);
    else next.delete(id);
    onSelect(next);
  };
  return [
    {
      id: "select",
      width: "1rem",
      header: (
        <Checkbox
          label={<span className="sr-only">{t("list.selectAll")}</span>}
          checked={selected.size === 0 ? false : selected.size === rows.length ? true : "indeterminate"}
          onChange={(isOn) => onSelect(new Set(isOn ? rows.map(({ id }) => id) : []))}
        />
      ),
      cell: (row) => (
        <div className="relative z-1">
          <Checkbox
            label={<span className="sr-only">{t("list.select", { name: row.workflowName ?? row.id })}</span>}
            checked={selected.has(row.id)}
            onChange={(isOn) => toggle(row.id, isOn)}
          />
        </div>
      ),
    },
    { id: "name", header: t("columns.workflow"), width: "minmax(0, 1fr)", cell: (row) => <Name row={row} /> },
    {
      id: "status",
      header: t("columns.status"),
      width: "9.5rem",
      from: "tablet",
      cell: (row) => (
        <div className="flex">
          <Status status={row.status} />
        </div>
      ),
    },
    {
      id: "trigger",
      header: t("columns.trigger"),
      width: "9rem",
      from: "desk",
      cell: (row) => <Trigger row={row} />,
    },
    {
      id: "started",
      header: t("columns.started"),
      width: "6.5rem",
      align: "end",
      cell: (row) => (
        <span className="relative z-1 text-muted">
          <RelativeTime at={row.startedAt} />
        </span>
      ),
    },
    {
      id: "duration",
      header: t("columns.duration"),
      width: "6.5rem",
      from: "tablet",
      align: "end",
      cell: (row) =>
        row.durationMs !== null ? (
          <Duration ms={row.durationMs} />
        ) : isOpen(row) ? (
          <span className="text-muted">
            <Duration since={row.startedAt} />
          </span>
        ) : null,
    },
  ];
}

function Name({ row }: { row: ExecutionSummary }) {
  const { t } = useTranslation("executions");
  // In the language of the page; what the server says otherwise is not.
  const title = row.error ? errorTitle(row.error.code, t as TFunction) : undefined;
  return (
    <div className="flex min-w-0 items-center gap-2">
      <span className="sm:hidden">
        <StatusIcon status={row.status} />
      </span>
      <div className="min-w-0">
        <Link
          to={paths.execution(row.id)}
          data-row-link
          dir="auto"
          className="block truncate rounded-sm font-medium after:absolute after:inset-0 rtl:text-right"
        >
          {row.workflowName ?? t("deletedWorkflow")}
        </Link>
        <p
          dir={title === undefined ? "auto" : undefined}
          className="truncate text-muted text-xs rtl:text-right"
        >
          {row.error ? (
            <>
              <code className="font-mono text-fail">{row.error.code}</code> {title ?? row.error.message}
            </>
          ) : (
            <code className="font-mono text-faint">{row.id}</code>
          )}
        </p>
      </div>
    </div>
  );
}

function Trigger({ row }: { row: ExecutionSummary }) {
  const { t } = useTranslation("executions");
  return (
    <div className="flex min-w-0 items-center gap-1.5 text-muted">
      <span className="truncate">
        {row.originId
          ? t("trigger.rerun")
          : row.parentId
            ? t("trigger.parent")
            : (row.trigger ?? t("trigger.unknown"))}
      </span>
      {row.mode !== "production" && <Badge>{t(`mode.${row.mode}`)}</Badge>}
    </div>
  );
}
