// The rows: what fires, by which rule, when next, and whether it is well.
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schedule } from "../api/schedules.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { useWidthStep } from "../ui/useMediaQuery.ts";
import { ScheduleMenu } from "./ScheduleMenu.tsx";
import { ruleText } from "./scheduleForm.ts";

type ScheduleTableProps = {
  rows: readonly Schedule[];
  hasMore: boolean;
  onNearEnd(): void;
  onEdit(schedule: Schedule): void;
  onBackfill(schedule: Schedule): void;
};

export function ScheduleTable({ rows, hasMore, onNearEnd, onEdit, onBackfill }: ScheduleTableProps) {
  const { t } = useTranslation("schedules");
  const isPhone = useWidthStep() === "phone";
  const columns: Column<Schedule>[] = [
    { id: "name", header: t("columns.name"), width: "minmax(0, 1.4fr)", cell: (row) => <Name row={row} /> },
    {
      id: "rule",
      header: t("columns.rule"),
      width: "minmax(0, 1fr)",
      from: "tablet",
      cell: (row) => <RuleCell row={row} />,
    },
    {
      id: "next",
      header: t("columns.next"),
      width: isPhone ? "6.5rem" : "9rem",
      cell: (row) => <Next row={row} />,
    },
    {
      id: "health",
      header: t("columns.state"),
      width: "9rem",
      from: "desk",
      cell: (row) => <ScheduleState row={row} />,
    },
    {
      id: "actions",
      header: t("columns.actions"),
      isHeaderHidden: true,
      width: "2.5rem",
      align: "end",
      cell: (row) => (
        <div className="relative z-1">
          <ScheduleMenu schedule={row} onEdit={() => onEdit(row)} onBackfill={() => onBackfill(row)} />
        </div>
      ),
    },
  ];
  return (
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
  );
}

function Name({ row }: { row: Schedule }) {
  const { t } = useTranslation("schedules");
  return (
    <div className="min-w-0">
      <Link
        to={paths.schedules({ open: row.id })}
        data-row-link
        dir="auto"
        className="block truncate rounded-sm font-medium after:absolute after:inset-0 rtl:text-right"
      >
        {row.name}
      </Link>
      <p className="flex min-w-0 items-center gap-1.5 text-muted text-xs">
        <span dir="auto" className="truncate">
          {row.workflowName}
        </span>
        {row.managed && <Badge>{t("managed")}</Badge>}
      </p>
    </div>
  );
}

function RuleCell({ row }: { row: Schedule }) {
  return (
    <div className="min-w-0">
      <p dir="ltr" className="truncate font-mono text-xs rtl:text-right">
        {ruleText(row)}
      </p>
      <p dir="ltr" className="truncate text-muted text-xs rtl:text-right">
        {row.timezone}
      </p>
    </div>
  );
}

function Next({ row }: { row: Schedule }) {
  const { t } = useTranslation("schedules");
  if (row.nextFireAt === null) return <span className="text-muted">{t(`state.${row.status}`)}</span>;
  return (
    <span className="relative z-1">
      <RelativeTime at={row.nextFireAt} />
    </span>
  );
}

export function ScheduleState({ row }: { row: Schedule }) {
  const { t } = useTranslation("schedules");
  const tone = row.status === "active" ? "ok" : row.status === "paused" ? "wait" : "quiet";
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <Badge tone={tone}>{t(`state.${row.status}`)}</Badge>
      {row.failures > 0 && (
        <Badge tone="fail">
          <TriangleAlert aria-hidden className="size-3" />
          {t("failures", { count: row.failures })}
        </Badge>
      )}
    </div>
  );
}
