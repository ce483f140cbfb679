// The rows: what a task is, how it stands, why it waits, when it is next, and what can be done.
import type { SentencePart } from "@auraos/contract";
import { CirclePause, CirclePlay, Ellipsis, Pencil, Play, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Task, useDeleteTask, useExecuteTask, usePauseTask } from "../api/tasks.ts";
import { paths } from "../paths.ts";
import { Said } from "../said/Said.tsx";
import { useSaid } from "../said/useSaid.ts";
import { confirm } from "../ui/confirmations.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu } from "../ui/Menu.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { toast } from "../ui/toasts.ts";
import { useWidthStep } from "../ui/useMediaQuery.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";
import { RunProgress } from "./RunProgress.tsx";
import { TaskState } from "./TaskState.tsx";

type TaskTableProps = { rows: readonly Task[]; hasMore: boolean; onNearEnd(): void };

export function TaskTable({ rows, hasMore, onNearEnd }: TaskTableProps) {
  const { t } = useTranslation("tasks");
  const isPhone = useWidthStep() === "phone";
  const columns: Column<Task>[] = [
    { id: "name", header: t("columns.name"), width: "minmax(0, 1.2fr)", cell: (row) => <Name row={row} /> },
    {
      id: "state",
      header: t("columns.state"),
      width: isPhone ? "7rem" : "minmax(0, 1fr)",
      cell: (row) => <State row={row} />,
    },
    {
      id: "needs",
      header: t("columns.needs"),
      width: "minmax(0, 0.8fr)",
      from: "desk",
      cell: (row) => (
        <span dir="auto" className="block truncate text-muted text-xs">
          {row.dependencies.map(({ task }) => task).join(", ")}
        </span>
      ),
    },
    {
      id: "next",
      header: t("columns.next"),
      width: "8rem",
      from: "tablet",
      cell: (row) =>
        row.nextRunAt === null ? (
          <span className="text-faint">{t("noSchedule")}</span>
        ) : (
          <span className="relative z-1">
            <RelativeTime at={row.nextRunAt} />
          </span>
        ),
    },
    {
      id: "actions",
      header: t("columns.actions"),
      isHeaderHidden: true,
      width: "2.5rem",
      align: "end",
      cell: (row) => (
        <div className="relative z-1">
          <TaskMenu task={row} />
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

function Name({ row }: { row: Task }) {
  const { t } = useTranslation("tasks");
  return (
    <div className="min-w-0">
      <Link
        to={paths.tasks({ open: row.id })}
        data-row-link
        dir="auto"
        className="block truncate rounded-sm font-medium after:absolute after:inset-0 rtl:text-right"
      >
        {row.name}
      </Link>
      <p dir="auto" className="truncate text-muted text-xs rtl:text-right">
        {row.description ?? t(`kind.${row.run.kind}`)}
      </p>
    </div>
  );
}

function State({ row }: { row: Task }) {
  const { open } = row;
  return (
    <div className="grid min-w-0 gap-1">
      <TaskState status={open?.status ?? row.status} isPaused={row.paused} />
      {open?.status === "running" && <RunProgress run={open} />}
      {open?.reason && <Reason text={open.reason} parts={open.reasonParts} />}
    </div>
  );
}

function Reason({ text, parts }: { text: string; parts: readonly SentencePart[] | null }) {
  const said = useSaid()(text, parts);
  return (
    <p dir="auto" className="truncate text-muted text-xs" title={said.text}>
      <Said text={text} parts={parts} />
    </p>
  );
}

export function useTaskActions({ id, name }: Pick<Task, "id" | "name">) {
  const { t } = useTranslation("tasks");
  const tellFailure = useTellFailure();
  const execute = useExecuteTask();
  const pause = usePauseTask();
  const remove = useDeleteTask();
  const told = (text: string) => ({ onSuccess: () => toast.success(text), onError: tellFailure });
  return {
    execute: () =>
      execute.mutate(id, {
        onSuccess: ({ runs }) => toast.success(t("done.started", { name, count: runs.length })),
        onError: tellFailure,
      }),
    pause: () => pause.mutate({ id, paused: true }, told(t("done.paused", { name }))),
    resume: () => pause.mutate({ id, paused: false }, told(t("done.resumed", { name }))),
    remove: async (onGone?: () => void) => {
      const question = {
        title: t("delete.title", { name }),
        description: t("delete.text"),
        action: t("delete.action"),
      };
      if (!(await confirm({ ...question, danger: true }))) return;
      // Whatever asked for it may be closed by then, and its callbacks with it.
      const { onSuccess, onError } = told(t("done.deleted", { name }));
      await remove.mutateAsync({ id, onGone }).then(onSuccess, onError);
    },
  };
}

function TaskMenu({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const [, change] = useView();
  const actions = useTaskActions(task);
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={t("menu.of", { name: task.name })} size="small" />}
      entries={[
        { label: t("menu.execute"), icon: Play, onSelect: actions.execute },
        task.paused
          ? { label: t("menu.resume"), icon: CirclePlay, onSelect: actions.resume }
          : { label: t("menu.pause"), icon: CirclePause, onSelect: actions.pause },
        { label: t("menu.edit"), icon: Pencil, onSelect: () => change({ edit: task.id }) },
        "separator",
        { label: t("menu.delete"), icon: Trash2, danger: true, onSelect: () => void actions.remove() },
      ]}
    />
  );
}
