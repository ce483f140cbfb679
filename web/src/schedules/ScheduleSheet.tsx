// One schedule, opened beside the list: why it is paused, what it will do, and what became of its fires.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Schedule, useNextFires, useSchedule, useScheduleFires } from "../api/schedules.ts";
import { paths } from "../paths.ts";
import { Said } from "../said/Said.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { Shown } from "../ui/Shown.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import type { Tone } from "../ui/Status.tsx";
import { Fires } from "./FirePreview.tsx";
import { useScheduleActions } from "./ScheduleMenu.tsx";
import { ScheduleState } from "./ScheduleTable.tsx";
import { ruleText } from "./scheduleForm.ts";

type ScheduleSheetProps = {
  id: string;
  onClose(): void;
  onEdit(schedule: Schedule): void;
  onBackfill(schedule: Schedule): void;
};

export function ScheduleSheet({ id, onClose, onEdit, onBackfill }: ScheduleSheetProps) {
  const { t } = useTranslation("schedules");
  const asked = useSchedule(id);
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()} title={asked.data?.name ?? t("columns.name")}>
      <Shown
        asked={asked}
        loading={<SkeletonRows label={t("loading")} />}
        nameOf={({ name }) => name}
        onBack={onClose}
      >
        {(schedule) => (
          <div className="grid gap-5">
            <Facts schedule={schedule} />
            <Actions
              schedule={schedule}
              onEdit={() => onEdit(schedule)}
              onBackfill={() => onBackfill(schedule)}
            />
            {schedule.status !== "paused" && <NextFires id={id} />}
            <History id={id} />
          </div>
        )}
      </Shown>
    </Sheet>
  );
}

function Facts({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation("schedules");
  return (
    <div className="grid gap-2 text-sm">
      <ScheduleState row={schedule} />
      {schedule.pauseReason && (
        <p dir="auto" className="rounded-md bg-wait-soft px-3 py-2 text-wait text-xs">
          <Said text={schedule.pauseReason} parts={schedule.pauseParts} />
        </p>
      )}
      <p>
        <code dir="ltr" className="font-mono text-xs">
          {ruleText(schedule)}
        </code>{" "}
        <span dir="ltr" className="text-muted text-xs">
          {schedule.timezone}
        </span>
      </p>
      <p className="text-muted text-xs">
        {t("policies", {
          overlap: t(`overlap.${schedule.overlap}`),
          missed: t(`missed.${schedule.missed}`),
        })}
      </p>
      {schedule.managed && <p className="text-muted text-xs">{t("managedText")}</p>}
      <Link to={paths.workflow(schedule.workflowId)} className="text-accent-text text-xs hover:underline">
        {schedule.workflowName}
      </Link>
    </div>
  );
}

function Actions({
  schedule,
  onEdit,
  onBackfill,
}: {
  schedule: Schedule;
  onEdit(): void;
  onBackfill(): void;
}) {
  const { t } = useTranslation("schedules");
  const actions = useScheduleActions(schedule);
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="small" tone="primary" onClick={actions.trigger}>
        {t("menu.trigger")}
      </Button>
      {schedule.status === "paused" ? (
        <Button size="small" onClick={actions.resume}>
          {t("menu.resume")}
        </Button>
      ) : (
        <Button size="small" onClick={actions.pause}>
          {t("menu.pause")}
        </Button>
      )}
      <Button size="small" onClick={onBackfill}>
        {t("menu.backfill")}
      </Button>
      {!schedule.managed && (
        <Button size="small" onClick={onEdit}>
          {t("menu.edit")}
        </Button>
      )}
    </div>
  );
}

function NextFires({ id }: { id: string }) {
  const { t } = useTranslation("schedules");
  const { data } = useNextFires(id);
  return (
    <section aria-label={t("preview.title")}>
      <h3 className="mb-2 font-semibold text-sm">{t("preview.title")}</h3>
      {data ? <Fires fires={data.fires} /> : <SkeletonRows label={t("loading")} />}
    </section>
  );
}

const tones: Record<string, Tone> = {
  succeeded: "ok",
  failed: "fail",
  terminated: "fail",
  started: "run",
  buffered: "wait",
  missed: "wait",
};

function History({ id }: { id: string }) {
  const { t } = useTranslation("schedules");
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useScheduleFires(id);
  const fires = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section aria-label={t("history.title")}>
      <h3 className="mb-2 font-semibold text-sm">{t("history.title")}</h3>
      {data && fires.length === 0 && <p className="text-muted text-xs">{t("history.none")}</p>}
      <ol className="divide-y divide-line">
        {fires.map((fire) => {
          const state = fire.ended ?? fire.outcome;
          return (
            <li key={fire.id} className="grid gap-0.5 py-1.5 text-xs">
              <span className="flex flex-wrap items-center justify-between gap-2">
                <span className="flex items-center gap-1.5">
                  <Badge tone={tones[state] ?? "quiet"}>
                    {t(`outcome.${state}`, { defaultValue: state })}
                  </Badge>
                  {fire.kind !== "schedule" && <Badge>{t(`kind.${fire.kind}`)}</Badge>}
                  {fire.count > 1 && <Badge>{t("history.count", { count: fire.count })}</Badge>}
                </span>
                <span className="text-muted">
                  <RelativeTime at={fire.due} />
                </span>
              </span>
              {fire.reason && (
                <span dir="auto" className="text-muted rtl:text-right">
                  <Said text={fire.reason} parts={fire.reasonParts} />
                </span>
              )}
              {fire.executionId && (
                <Link
                  to={paths.execution(fire.executionId)}
                  className="justify-self-start text-accent-text hover:underline"
                >
                  {t("history.execution")}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
      {hasNextPage && (
        <Button size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("history.more")}
        </Button>
      )}
    </section>
  );
}
