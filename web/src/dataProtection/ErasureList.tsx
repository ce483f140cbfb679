// Erasures, the newest first: how far each is, what it erased, what it kept and why.
import { useTranslation } from "react-i18next";
import { type Erasure, useErasures } from "../api/dataProtection.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Badge } from "../ui/Badge.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import type { Tone } from "../ui/Status.tsx";
import { Nothing, Part } from "./Part.tsx";

const tones: Record<Erasure["state"], Tone> = {
  queued: "quiet",
  running: "run",
  waiting: "wait",
  done: "ok",
};

export function ErasureList() {
  const { t } = useTranslation("dataProtection");
  const { data, error, refetch, isFetching } = useErasures();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  return (
    <Part title={t("erasures.title")} text={t("erasures.text")}>
      {data.items.length === 0 && <Nothing>{t("erasures.none")}</Nothing>}
      {data.items.map((erasure) => (
        <ErasureRow key={erasure.id} erasure={erasure} />
      ))}
    </Part>
  );
}

function ErasureRow({ erasure }: { erasure: Erasure }) {
  const { t } = useTranslation("dataProtection");
  const format = useFormat();
  const { state, report, reason } = erasure;
  const erased = Object.entries(report.erased);
  return (
    <div className="grid gap-2 px-4 py-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={tones[state]}>{t(`erasures.states.${state}`)}</Badge>
        {reason !== null && (
          <span dir="auto" className="min-w-0 flex-1 basis-40 truncate font-medium">
            {reason}
          </span>
        )}
        <span className="text-muted text-xs">
          <bdi dir="ltr">{erasure.requestedBy}</bdi> · <RelativeTime at={erasure.requestedAt} />
        </span>
      </div>
      {erased.length > 0 && (
        <p className="text-muted text-xs">
          {t("erasures.erased")}{" "}
          {erased
            .map(([what, count]) => `${t(`tables.${what}`, { defaultValue: what })} ${format.number(count)}`)
            .join(" · ")}
        </p>
      )}
      {report.kept.map(({ what, why, count }) => (
        <p key={`${what} ${why}`} className="text-xs">
          <span className="font-medium">
            {t("erasures.kept", {
              what: t(`tables.${what}`, { defaultValue: what }),
              number: format.number(count),
            })}
          </span>{" "}
          <span className="text-muted">{t(`erasures.why.${why}`)}</span>
        </p>
      ))}
    </div>
  );
}
