// The rows: what a workflow is called, whether it is in service, how its last executions went, and what can be done.
import type { ExecutionSummary, WorkflowSummary } from "@auraos/contract";
import { Play } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useRecentExecutions } from "../api/executions.ts";
import { useStats } from "../api/platform.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Status, StatusIcon } from "../ui/Status.tsx";
import { useWidthStep } from "../ui/useMediaQuery.ts";
import { Avatar } from "./Avatar.tsx";
import { FiledIn } from "./FiledIn.tsx";
import { LastExecutions } from "./LastExecutions.tsx";
import { OrganiseDialog } from "./OrganiseDialog.tsx";
import { RunWorkflowDialog } from "./RunWorkflowDialog.tsx";
import { WorkflowMenu } from "./WorkflowMenu.tsx";

type WorkflowTableProps = { rows: readonly WorkflowSummary[]; hasMore: boolean; onNearEnd(): void };

export function WorkflowTable({ rows, hasMore, onNearEnd }: WorkflowTableProps) {
  const { t } = useTranslation("workflows");
  const [running, setRunning] = useState<WorkflowSummary | null>(null);
  const [organised, setOrganised] = useState<WorkflowSummary | null>(null);
  const step = useWidthStep();
  const { data: recent } = useRecentExecutions();
  const { data: stats } = useStats({ by: "workflow" });
  const lastOf = useMemo(() => groupByWorkflow(recent?.items ?? []), [recent]);
  const statsOf = useMemo(() => new Map(stats?.items.map((row) => [row.key, row])), [stats]);

  const columns: Column<WorkflowSummary>[] = [
    { id: "name", header: t("columns.name"), width: "minmax(0, 1fr)", cell: (row) => <Name row={row} /> },
    {
      id: "status",
      header: t("columns.status"),
      width: "9.5rem",
      from: "tablet",
      cell: (row) => <WorkflowStatus row={row} />,
    },
    {
      id: "owner",
      header: t("columns.owner"),
      width: "4rem",
      from: "tablet",
      cell: ({ owner }) => owner && <Avatar name={owner.name} className="relative z-1" />,
    },
    {
      id: "last",
      header: t("columns.last"),
      width: "11.5rem",
      from: "desk",
      cell: (row) => (
        <LastExecutions
          workflowId={row.id}
          executions={lastOf.get(row.id) ?? []}
          isAll={recent?.isAll ?? true}
          today={statsOf.get(row.id)}
        />
      ),
    },
    {
      id: "updated",
      header: t("columns.updated"),
      width: "8rem",
      from: "tablet",
      cell: (row) => (
        <span className="relative z-1 text-muted">
          <RelativeTime at={row.updatedAt} />
        </span>
      ),
    },
    {
      id: "actions",
      header: t("columns.actions"),
      isHeaderHidden: true,
      width: step === "phone" ? "2.5rem" : "6.5rem",
      align: "end",
      cell: (row) => (
        <div className="relative z-1 flex items-center gap-1">
          <Button
            size="small"
            onClick={() => setRunning(row)}
            aria-label={t("run.of", { name: row.name })}
            className="max-sm:hidden"
          >
            <Play aria-hidden className="size-3.5 rtl:-scale-x-100" />
            {t("run.action")}
          </Button>
          <WorkflowMenu workflow={row} onRun={() => setRunning(row)} onOrganise={() => setOrganised(row)} />
        </div>
      ),
    },
  ];

  return (
    <>
      <DataTable
        label={t("title")}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        rowHeight={56}
        {...(hasMore ? { total: -1 } : {})}
        onNearEnd={onNearEnd}
        className="max-w-[110rem]"
      />
      {organised && <OrganiseDialog workflow={organised} onClose={() => setOrganised(null)} />}
      {running && <RunWorkflowDialog workflow={running} onClose={() => setRunning(null)} />}
    </>
  );
}

function Name({ row }: { row: WorkflowSummary }) {
  return (
    <div className="flex min-w-0 items-start gap-2.5">
      <span className="mt-0.5 sm:hidden">
        <StatusIcon status={row.status} />
      </span>
      <div className="min-w-0 flex-1">
        <Link
          to={paths.workflow(row.id)}
          data-row-link
          dir="auto"
          className="block truncate rounded-sm font-medium after:absolute after:inset-0 rtl:text-right"
        >
          {row.name}
        </Link>
        <div className="flex min-w-0 items-center gap-2 text-muted text-xs">
          <FiledIn folder={row.folder} tags={row.tags} />
          {row.description && (
            <p dir="auto" className="min-w-0 flex-1 truncate rtl:text-right">
              {row.description}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

function WorkflowStatus({ row }: { row: WorkflowSummary }) {
  const { t } = useTranslation("workflows");
  return (
    <div className="flex items-center gap-1.5">
      <Status
        status={row.status}
        {...(row.status === "published" ? { label: t("version", { version: row.version }) } : {})}
      />
      {row.status === "published" && row.draftChanged && <Badge>{t("changed")}</Badge>}
    </div>
  );
}

/** Newest first in, oldest first out: bars are read from past to present. */
function groupByWorkflow(executions: readonly ExecutionSummary[]): Map<string, ExecutionSummary[]> {
  const groups = new Map<string, ExecutionSummary[]>();
  for (const execution of executions.toReversed()) {
    const group = groups.get(execution.workflowId);
    if (group) group.push(execution);
    else groups.set(execution.workflowId, [execution]);
  }
  return groups;
}
