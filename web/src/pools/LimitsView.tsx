// Workflows that are held to something: how often, how many, through which pool; and those that are paused, with the reason.
import { CirclePlay, Gauge, Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type LimitedWorkflow, useLimits, useResumeWorkflow } from "../api/limits.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { Said } from "../said/Said.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { LimitsDialog } from "./LimitsDialog.tsx";

export function LimitsView() {
  const { t } = useTranslation("pools");
  const [edited, setEdited] = useState<string | null>(null);
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useLimits();
  const set = (
    <Button tone={data?.length === 0 ? "primary" : "normal"} onClick={() => setEdited("")}>
      <Plus aria-hidden className="size-4" />
      {t("limits.set")}
    </Button>
  );
  return (
    <>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />}
      {!error && !data && <SkeletonRows label={t("limits.loading")} />}
      {data?.length === 0 && (
        <EmptyState icon={Gauge} title={t("limits.empty.title")} actions={set}>
          {t("limits.empty.text")}
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <div className="grid max-w-[90rem] gap-4">
          <div>{set}</div>
          <ul className="grid items-start gap-4 lg:grid-cols-2">
            {data.map((one) => (
              <LimitsCard key={one.workflowId} of={one} onEdit={() => setEdited(one.workflowId)} />
            ))}
          </ul>
          {hasNextPage && (
            <Button
              size="small"
              busy={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
              className="justify-self-start"
            >
              {t("limits.more")}
            </Button>
          )}
        </div>
      )}
      {edited !== null && <LimitsDialog workflowId={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function LimitsCard({ of, onEdit }: { of: LimitedWorkflow; onEdit(): void }) {
  const { t } = useTranslation("pools");
  const tellFailure = useTellFailure();
  const resuming = useResumeWorkflow();
  const { workflowId, workflowName, paused, pauseReason, pauseParts } = of;
  const resume = () =>
    resuming
      .mutateAsync(of)
      .then(() => toast.success(t("limits.resumed", { name: workflowName })), tellFailure);
  return (
    <li className="grid gap-2 rounded-lg border border-line bg-panel p-4">
      <div className="flex items-center gap-2">
        <h2 className="min-w-0 flex-1 truncate font-semibold">
          <Link to={paths.workflow(workflowId)} dir="auto" className="hover:underline">
            {workflowName}
          </Link>
        </h2>
        {paused && <Badge tone="wait">{t("paused")}</Badge>}
        {paused && (
          <IconButton
            size="small"
            icon={CirclePlay}
            label={t("resume", { name: workflowName })}
            onClick={() => void resume()}
          />
        )}
        <IconButton
          size="small"
          icon={Pencil}
          label={t("limits.edit", { name: workflowName })}
          onClick={onEdit}
        />
      </div>
      {pauseReason !== null && (
        <p dir={pauseParts ? undefined : "auto"} className="text-muted text-xs">
          <Said text={pauseReason} parts={pauseParts} />
        </p>
      )}
      <Bounds of={of} />
    </li>
  );
}

function Bounds({ of }: { of: LimitedWorkflow }) {
  const { t } = useTranslation("pools");
  const format = useFormat();
  const { rate, dailyMax, openMax, pauseAfterFailures, pool, places, priority, fairKey } = of;
  const bounds = [
    rate &&
      t("limits.rateOf", { number: format.number(rate.count), time: format.duration(rate.seconds * 1000) }),
    dailyMax && t("limits.dailyOf", { number: format.number(dailyMax) }),
    openMax && t("limits.openOf", { number: format.number(openMax) }),
    pauseAfterFailures && t("limits.pauseOf", { number: format.number(pauseAfterFailures) }),
    pool && t("limits.poolOf", { pool, places: format.number(places) }),
    priority !== 0 && t("priority", { priority }),
    fairKey && t("limits.fairOf", { key: `\u2066${fairKey}\u2069` }),
  ].filter((text) => typeof text === "string");
  if (bounds.length === 0) return <p className="text-muted text-xs">{t("limits.none")}</p>;
  return (
    <ul className="flex flex-wrap gap-1.5">
      {bounds.map((text) => (
        <li key={text}>
          <Badge>{text}</Badge>
        </li>
      ))}
    </ul>
  );
}
