// Pools: how many places there are, how many are taken, who waits and why.
import { CirclePause, CirclePlay, Gauge, Layers, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Pool, useDeletePool, usePools, usePoolWaiting, useSavePool } from "../api/tasks.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { Said } from "../said/Said.tsx";
import { Page } from "../shell/Page.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";
import { LimitsView } from "./LimitsView.tsx";
import { PoolDialog } from "./PoolDialog.tsx";

export function PoolsPage() {
  const { t } = useTranslation("pools");
  const [edited, setEdited] = useState<Pool | "new" | null>(null);
  const [view, change] = useView();
  const isLimits = view.get("view") === "limits";
  return (
    <Page
      title={t("title")}
      actions={
        <Button tone="primary" onClick={() => setEdited("new")}>
          <Plus aria-hidden className="size-4" />
          <span className="max-sm:sr-only">{t("new")}</span>
        </Button>
      }
    >
      <div className="mb-4">
        <SegmentedControl
          label={t("view.label")}
          value={isLimits ? "limits" : "pools"}
          onChange={(value) => change({ view: value === "pools" ? undefined : value })}
          segments={[
            { value: "pools", label: t("title"), icon: Layers },
            { value: "limits", label: t("limits.view"), icon: Gauge },
          ]}
        />
      </div>
      {isLimits ? <LimitsView /> : <PoolList onEdit={setEdited} />}
      {edited && <PoolDialog pool={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}

function PoolList({ onEdit }: { onEdit(pool: Pool | "new"): void }) {
  const { t } = useTranslation("pools");
  const { data, error, refetch, isFetching } = usePools();
  return (
    <>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />}
      {!error && !data && <SkeletonRows label={t("loading")} />}
      {data?.items.length === 0 && (
        <EmptyState
          icon={Layers}
          title={t("empty.title")}
          actions={
            <Button tone="primary" onClick={() => onEdit("new")}>
              <Plus aria-hidden className="size-4" />
              {t("new")}
            </Button>
          }
        >
          {t("empty.text")}
        </EmptyState>
      )}
      <div className="grid max-w-[90rem] items-start gap-4 lg:grid-cols-2 2xl:grid-cols-3">
        {data?.items.toSorted(byName).map((pool) => (
          <PoolCard key={pool.name} pool={pool} onEdit={() => onEdit(pool)} />
        ))}
      </div>
    </>
  );
}

/** "region-2" stands before "region-10". */
const byName = (a: Pool, b: Pool) => a.name.localeCompare(b.name, undefined, { numeric: true });

function PoolCard({ pool, onEdit }: { pool: Pool; onEdit(): void }) {
  const { t } = useTranslation("pools");
  const tellFailure = useTellFailure();
  const save = useSavePool();
  const remove = useDeletePool();
  const { name, used, waiting, slots, rate, paused } = pool;
  const setPaused = (isPaused: boolean) => {
    const { scope, scopeId, weights } = pool;
    const limits = { ...(slots === undefined ? {} : { slots }), ...(rate === undefined ? {} : { rate }) };
    const body = {
      scope,
      weights,
      ...limits,
      ...(scopeId === undefined ? {} : { scopeId }),
      paused: isPaused,
    };
    save.mutate({ name, etag: pool.etag, body }, { onError: tellFailure });
  };
  const ask = async () => {
    const question = {
      title: t("delete.title", { name }),
      description: t("delete.text"),
      action: t("delete.action"),
    };
    if (await confirm({ ...question, danger: true }))
      await remove.mutateAsync({ name }).then(() => toast.success(t("delete.done", { name })), tellFailure);
  };
  return (
    <section
      aria-label={name}
      className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3 rounded-lg border border-line bg-panel p-4"
    >
      <div className="flex items-center gap-2">
        <h2 dir="ltr" title={name} className="min-w-0 flex-1 truncate font-semibold rtl:text-right">
          {name}
        </h2>
        {paused && <Badge tone="wait">{t("paused")}</Badge>}
        {pool.scope !== "named" && <Badge>{t(`scope.${pool.scope}`)}</Badge>}
        <IconButton
          size="small"
          icon={paused ? CirclePlay : CirclePause}
          label={paused ? t("resume", { name }) : t("pause", { name })}
          onClick={() => setPaused(!paused)}
        />
        <IconButton size="small" icon={Pencil} label={t("edit", { name })} onClick={onEdit} />
        <IconButton size="small" icon={Trash2} label={t("remove", { name })} onClick={() => void ask()} />
      </div>
      <Places pool={pool} />
      {waiting > 0 ? <Waiting name={name} /> : <p className="text-muted text-xs">{t("nobodyWaits")}</p>}
      {waiting === 0 && used > 0 && <p className="sr-only">{t("taken", { used })}</p>}
    </section>
  );
}

function Places({ pool: { name, used, waiting, slots, rate, startsInWindow } }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const format = useFormat();
  const share = slots === undefined ? 0 : Math.min(1, used / slots);
  return (
    <div className="grid gap-1.5">
      {slots !== undefined && (
        <div
          role="progressbar"
          aria-label={t("placesOf", { name })}
          aria-valuenow={used}
          aria-valuemin={0}
          aria-valuemax={slots}
          className="h-1.5 overflow-hidden rounded-full bg-sunken"
        >
          <div
            className={share >= 1 ? "h-full bg-wait-fill" : "h-full bg-run-fill"}
            style={{ width: `${share * 100}%` }}
          />
        </div>
      )}
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
        <span>
          {slots === undefined
            ? t("taken", { used: format.number(used) })
            : t("takenOf", { used: format.number(used), slots: format.number(slots) })}
        </span>
        {rate && (
          <span>
            {t("rateOf", {
              starts: format.number(startsInWindow),
              count: rate.count,
              number: format.number(rate.count),
              time: format.duration(rate.seconds * 1000),
            })}
          </span>
        )}
        {waiting > 0 && <span>{t("waits", { count: waiting, number: format.number(waiting) })}</span>}
      </p>
    </div>
  );
}

function Waiting({ name }: { name: string }) {
  const { t } = useTranslation("pools");
  const { data } = usePoolWaiting(name);
  return (
    <ol aria-label={t("waitingOf", { name })} className="divide-y divide-line border-line border-t">
      {data?.items.slice(0, 8).map((one) => (
        <li key={one.id} className="grid grid-cols-[minmax(0,1fr)] gap-0.5 py-1.5 text-xs">
          <span className="flex items-baseline gap-2">
            <span className="text-faint tabular-nums">{one.position}</span>
            <Link
              to={one.kind === "task" ? paths.tasks({ open: one.ofId }) : paths.execution(one.id)}
              dir="auto"
              className="min-w-0 flex-1 truncate font-medium hover:underline"
            >
              {one.name}
            </Link>
            {one.priority !== 0 && <Badge>{t("priority", { priority: one.priority })}</Badge>}
            <span className="shrink-0 text-muted">
              <RelativeTime at={one.since} />
            </span>
          </span>
          <span dir="auto" className="text-muted">
            <Said text={one.reason} parts={one.reasonParts} />
          </span>
        </li>
      ))}
    </ol>
  );
}
