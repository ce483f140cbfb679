// "Work is flowing. Two things need you." and the numbers under it.
import { CircleAlert, CircleCheckBig, CircleX, type LucideIcon, Moon } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Stats } from "../api/platform.ts";
import type { ReplyOf } from "../api/request.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { classes } from "../ui/classes.ts";
import { isForPeople } from "./isForPeople.ts";
import type { HomeRange } from "./ranges.ts";
import { type Mood, summarise } from "./verdict.ts";

export type OpenWait = ReplyOf<"get /api/v1/waits">["items"][number];

type VerdictProps = {
  range: HomeRange;
  steps: Stats["items"];
  waits: readonly OpenWait[];
  /** Things that stand still beside the waits. */
  stopped: number;
  isMore: boolean;
};

const moods: Record<Mood, { icon: LucideIcon; tone: string }> = {
  quiet: { icon: Moon, tone: "bg-sunken text-muted" },
  flowing: { icon: CircleCheckBig, tone: "bg-ok-soft text-ok" },
  failing: { icon: CircleAlert, tone: "bg-wait-soft text-wait" },
  stuck: { icon: CircleX, tone: "bg-fail-soft text-fail" },
};

export function Verdict({ range, steps, waits, stopped, isMore }: VerdictProps) {
  const { t } = useTranslation("home");
  const format = useFormat();
  const { count, share, mood } = summarise(steps);
  const isFailing = mood === "failing" || mood === "stuck";
  const needed = waits.filter(isForPeople).length + stopped;
  const { icon: Icon, tone } = moods[mood];
  return (
    <div className="flex min-w-0 items-start gap-3">
      <span
        className={classes("mt-0.5 grid size-10 shrink-0 place-items-center rounded-lg max-sm:hidden", tone)}
      >
        <Icon aria-hidden className="size-5" />
      </span>
      <div className="min-w-0">
        <h2 className="font-semibold text-xl tracking-tight">
          {t(`verdict.${mood}`)}{" "}
          {needed === 0 && isFailing
            ? t("verdict.causes")
            : t("verdict.needed", { count: needed, number: format.atLeast(needed, isMore) })}
        </h2>
        <p className="mt-0.5 text-muted">
          {count === 0
            ? t("verdict.none", { range: t(`verdict.ranges.${range}`) })
            : t("verdict.numbers", {
                count,
                number: format.number(count),
                range: t(`verdict.ranges.${range}`),
                share: format.percent(share),
              })}
        </p>
      </div>
    </div>
  );
}
