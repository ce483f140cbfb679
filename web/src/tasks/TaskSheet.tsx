// One task, opened beside the page: what it runs, what it needs, and its runs with their reasons.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Task, type TaskRun, useRunControl, useTask, useTaskRuns } from "../api/tasks.ts";
import { paths } from "../paths.ts";
import { Said } from "../said/Said.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { Shown } from "../ui/Shown.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";
import { RunProgress } from "./RunProgress.tsx";
import { TaskState } from "./TaskState.tsx";
import { useTaskActions } from "./TaskTable.tsx";

export function TaskSheet({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation("tasks");
  const asked = useTask(id);
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()} title={asked.data?.name ?? t("columns.name")}>
      <Shown
        asked={asked}
        loading={<SkeletonRows label={t("loading")} />}
        nameOf={({ name }) => name}
        onBack={onClose}
      >
        {(task) => (
          <div className="grid gap-5">
            <Facts task={task} onClose={onClose} />
            <Runs id={id} />
          </div>
        )}
      </Shown>
    </Sheet>
  );
}

function Facts({ task, onClose }: { task: Task; onClose(): void }) {
  const { t } = useTranslation("tasks");
  const [, change] = useView();
  const actions = useTaskActions(task);
  const places = Object.entries(task.resources);
  return (
    <div className="grid gap-3 text-sm">
      <TaskState status={task.open?.status ?? task.status} isPaused={task.paused} />
      {task.description && (
        <p dir="auto" className="text-muted">
          {task.description}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button size="small" tone="primary" onClick={actions.execute}>
          {t("menu.execute")}
        </Button>
        <Button size="small" onClick={task.paused ? actions.resume : actions.pause}>
          {task.paused ? t("menu.resume") : t("menu.pause")}
        </Button>
        <Button size="small" onClick={() => change({ edit: task.id })}>
          {t("menu.edit")}
        </Button>
        <Button size="small" tone="quiet" onClick={() => void actions.remove(onClose)}>
          {t("menu.delete")}
        </Button>
      </div>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-xs">
        {task.dependencies.length > 0 && (
          <Fact name={t("facts.needs")}>
            {task.dependencies.map(({ taskId, task: name, on }) => (
              <span key={taskId} className="block">
                <span dir="auto">{name}</span> <Badge>{t(`on.${on}`)}</Badge>
              </span>
            ))}
          </Fact>
        )}
        {task.nextRunAt && (
          <Fact name={t("facts.next")}>
            <RelativeTime at={task.nextRunAt} />
          </Fact>
        )}
        {task.window && (
          <Fact name={t("facts.window")}>
            <span dir="ltr">{`${task.window.from}–${task.window.to} ${task.window.timezone}`}</span>
          </Fact>
        )}
        {task.priority !== 0 && <Fact name={t("facts.priority")}>{task.priority}</Fact>}
        {places.length > 0 && (
          <Fact name={t("facts.places")}>
            {places.map(([name, count]) => `${name}: ${count}`).join(", ")}
          </Fact>
        )}
        {task.owner && <Fact name={t("facts.owner")}>{task.owner}</Fact>}
        {task.workflowId && (
          <Fact name={t("facts.workflow")}>
            <Link to={paths.workflow(task.workflowId)} className="text-accent-text hover:underline">
              {t("facts.openWorkflow")}
            </Link>
          </Fact>
        )}
      </dl>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Runs({ id }: { id: string }) {
  const { t } = useTranslation("tasks");
  const { data } = useTaskRuns(id);
  return (
    <section aria-label={t("runs.title")}>
      <h3 className="mb-2 font-semibold text-sm">{t("runs.title")}</h3>
      {data?.items.length === 0 && <p className="text-muted text-xs">{t("runs.none")}</p>}
      <ol className="divide-y divide-line">
        {data?.items.map((run) => (
          <li key={run.id} className="grid gap-1 py-2 text-xs">
            <RunRow run={run} />
          </li>
        ))}
      </ol>
    </section>
  );
}

export function RunRow({ run, named = false }: { run: TaskRun; named?: boolean }) {
  const { t } = useTranslation("tasks");
  const tellFailure = useTellFailure();
  const control = useRunControl();
  const isOpen = ["waiting", "queued", "running"].includes(run.status);
  // It has its places, and maintenance or a limit holds up its start.
  const isHeldUp = run.status === "running" && run.reason !== null;
  const canRetry = ["failed", "cancelled", "skipped"].includes(run.status);
  const act = (what: "cancel" | "retry") => control.mutate({ id: run.id, what }, { onError: tellFailure });
  return (
    <div className="flex items-start justify-between gap-3">
      <div className="grid min-w-0 flex-1 gap-1">
        <span className="flex min-w-0 flex-wrap items-center gap-1.5">
          {named && (
            <Link
              to={paths.tasks({ open: run.taskId, view: "waiting" })}
              dir="auto"
              className="font-medium text-sm hover:underline"
            >
              {run.taskName}
            </Link>
          )}
          <TaskState status={isHeldUp ? "waiting" : run.status} />
          {run.attempt > 1 && <Badge>{t("runs.attempt", { attempt: run.attempt })}</Badge>}
          {run.isLate && <Badge tone="fail">{t("runs.late")}</Badge>}
        </span>
        {run.status === "running" && !isHeldUp && <RunProgress run={run} />}
        {(run.reason ?? run.error) && (
          <p dir="auto" className="text-muted">
            {run.reason ? <Said text={run.reason} parts={run.reasonParts} /> : <bdi>{run.error}</bdi>}
          </p>
        )}
      </div>
      <div className="grid max-w-1/2 shrink-0 justify-items-end gap-1">
        <span className="text-muted leading-5">
          <RelativeTime at={run.completedAt ?? run.startedAt ?? run.createdAt} />
        </span>
        <div className="-me-2 flex flex-wrap justify-end empty:hidden">
          {run.executionId && (
            <Button asChild size="small" tone="quiet">
              <Link to={paths.execution(run.executionId)}>{t("runs.execution")}</Link>
            </Button>
          )}
          {isOpen && (
            <Button size="small" tone="quiet" onClick={() => act("cancel")}>
              {t("runs.cancel")}
            </Button>
          )}
          {canRetry && (
            <Button size="small" tone="quiet" onClick={() => act("retry")}>
              {t("runs.retry")}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
