// "Work is flowing. Two things need you." and the numbers under it.
import type { ExecutionSummary } from "@auraos/contract";
import { useTranslation } from "react-i18next";
import type { Stats } from "../api/platform.ts";
import type { ReplyOf } from "../api/request.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { isForPeople } from "./isForPeople.ts";
import type { HomeRange } from "./ranges.ts";
import { summarise } from "./verdict.ts";

export type OpenWait = ReplyOf<"get /api/v1/waits">["items"][number];

type VerdictProps = {
  range: HomeRange;
  steps: Stats["items"];
  waits: readonly OpenWait[];
  parked: readonly ExecutionSummary[];
  isMore: boolean;
};

export function Verdict({ range, steps, waits, parked, isMore }: VerdictProps) {
  const { t } = useTranslation("home");
  const format = useFormat();
  const { count, share, mood } = summarise(steps);
  const isFailing = mood === "failing" || mood === "stuck";
  const needed = waits.filter(isForPeople).length + parked.length;
  return (
    <div>
      <h2 className="font-semibold text-xl tracking-tight">
        {t(`verdict.${mood}`)}{" "}
        {needed === 0 && isFailing
          ? t("verdict.causes")
          : t("verdict.needed", { count: needed, number: `${format.number(needed)}${isMore ? "+" : ""}` })}
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
  );
}
