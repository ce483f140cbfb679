// What can be done with one schedule.
import { CirclePause, CirclePlay, Ellipsis, History, Pencil, Play, Trash2, Workflow } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { newRequestKey } from "../api/newRequestKey.ts";
import {
  type Schedule,
  useDeleteSchedule,
  usePauseSchedule,
  useResumeSchedule,
  useTriggerSchedule,
} from "../api/schedules.ts";
import { paths } from "../paths.ts";
import { confirm } from "../ui/confirmations.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";

type ScheduleMenuProps = { schedule: Schedule; onEdit(): void; onBackfill(): void };

export function ScheduleMenu({ schedule, onEdit, onBackfill }: ScheduleMenuProps) {
  const { t } = useTranslation("schedules");
  const navigate = useNavigate();
  const actions = useScheduleActions(schedule);
  const { name, managed, status, workflowId } = schedule;
  const entries: MenuEntry[] = [
    { label: t("menu.trigger"), icon: Play, onSelect: actions.trigger },
    status === "paused"
      ? { label: t("menu.resume"), icon: CirclePlay, onSelect: actions.resume }
      : { label: t("menu.pause"), icon: CirclePause, onSelect: actions.pause },
    { label: t("menu.backfill"), icon: History, onSelect: onBackfill },
    { label: t("menu.workflow"), icon: Workflow, onSelect: () => navigate(paths.workflow(workflowId)) },
    ...(managed
      ? []
      : [
          { label: t("menu.edit"), icon: Pencil, onSelect: onEdit },
          "separator" as const,
          {
            label: t("menu.delete"),
            icon: Trash2,
            danger: true,
            onSelect: () => void actions.remove(),
          },
        ]),
  ];
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={t("menu.of", { name })} size="small" />}
      entries={entries}
    />
  );
}

export function useScheduleActions({ id, name }: Pick<Schedule, "id" | "name">) {
  const { t } = useTranslation("schedules");
  const navigate = useNavigate();
  const tellFailure = useTellFailure();
  const pause = usePauseSchedule();
  const resume = useResumeSchedule();
  const trigger = useTriggerSchedule();
  const remove = useDeleteSchedule();
  const told = (text: string) => ({ onSuccess: () => toast.success(text), onError: tellFailure });
  return {
    pause: () => pause.mutate(id, told(t("done.paused", { name }))),
    resume: () => resume.mutate(id, told(t("done.resumed", { name }))),
    trigger: () =>
      trigger.mutate(
        { id, requestKey: newRequestKey() },
        {
          onSuccess: ({ executionId }) =>
            toast.success(t("done.triggered", { name }), {
              action: { label: t("done.look"), onAct: () => navigate(paths.execution(executionId)) },
            }),
          onError: tellFailure,
        },
      ),
    remove: async (onGone?: () => void) => {
      const isSure = await confirm({
        title: t("delete.title", { name }),
        description: t("delete.text"),
        action: t("delete.action"),
        danger: true,
      });
      if (!isSure) return;
      // Whatever asked for it may be closed by then, and its callbacks with it.
      const { onSuccess, onError } = told(t("done.deleted", { name }));
      await remove.mutateAsync({ id, onGone }).then(onSuccess, onError);
    },
  };
}
