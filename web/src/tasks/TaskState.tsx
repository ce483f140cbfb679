// How a task or a run stands, in colour and in words.
import { useTranslation } from "react-i18next";
import { Badge } from "../ui/Badge.tsx";
import type { Tone } from "../ui/Status.tsx";

const tones: Record<string, Tone> = {
  waiting: "wait",
  queued: "wait",
  running: "run",
  succeeded: "ok",
  failed: "fail",
};

export function TaskState({ status, isPaused = false }: { status: string; isPaused?: boolean }) {
  const { t } = useTranslation("tasks");
  return (
    <span className="flex shrink-0 flex-wrap items-center gap-1">
      <Badge tone={tones[status] ?? "quiet"}>{t(`status.${status}`, { defaultValue: status })}</Badge>
      {isPaused && <Badge tone="wait">{t("paused")}</Badge>}
    </span>
  );
}
