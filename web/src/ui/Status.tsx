// The status pill: colour, icon and word together, so that colour is never the only signal.
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  OctagonAlert,
  OctagonX,
  PauseCircle,
  SkipForward,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { classes } from "./classes.ts";

export type Tone = "ok" | "run" | "wait" | "fail" | "quiet" | "accent";

export const toneLooks: Record<Tone, string> = {
  ok: "bg-ok-soft text-ok",
  run: "bg-run-soft text-run",
  wait: "bg-wait-soft text-wait",
  fail: "bg-fail-soft text-fail",
  quiet: "bg-sunken text-muted",
  accent: "bg-accent-soft text-accent-text",
};

/** Every status that executions, node runs and workflows have. */
export const statuses = {
  running: { tone: "run", icon: LoaderCircle },
  waiting: { tone: "wait", icon: Hourglass },
  paused: { tone: "wait", icon: PauseCircle },
  parked: { tone: "wait", icon: OctagonAlert },
  succeeded: { tone: "ok", icon: CircleCheck },
  failed: { tone: "fail", icon: CircleX },
  cancelled: { tone: "quiet", icon: Ban },
  terminated: { tone: "fail", icon: OctagonX },
  skipped: { tone: "quiet", icon: SkipForward },
  draft: { tone: "quiet", icon: CircleDashed },
  published: { tone: "ok", icon: CircleDot },
} satisfies Record<string, { tone: Tone; icon: LucideIcon }>;

export type StatusName = keyof typeof statuses;

export function Status({ status, label }: { status: StatusName; label?: string }) {
  const { t } = useTranslation("ui");
  const { tone, icon: Icon } = statuses[status];
  return (
    <span
      className={classes(
        "inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-full px-2 font-medium text-xs",
        toneLooks[tone],
      )}
    >
      <Icon aria-hidden className={classes("size-3.5", status === "running" && "animate-turn")} />
      {label ?? t(`status.${status}`)}
    </span>
  );
}

/** The icon alone, where the word stands beside it or is spoken. */
export function StatusIcon({ status, spoken = true }: { status: StatusName; spoken?: boolean }) {
  const { t } = useTranslation("ui");
  const { tone, icon: Icon } = statuses[status];
  return (
    <Icon
      {...(spoken ? { role: "img", "aria-label": t(`status.${status}`) } : { "aria-hidden": true })}
      className={classes(
        "size-4 shrink-0",
        toneLooks[tone].split(" ")[1],
        status === "running" && "animate-turn",
      )}
    />
  );
}
