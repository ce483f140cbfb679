// Alerts: what is wrong now, what was, and the rules that look. Maintenance stands here too: it is what a person does
// when too much is wrong.
import { BellOff, CircleCheck, Plus, Radar } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import {
  type Alert,
  useAlertAction,
  useAlertRules,
  useAlerts,
  useCheckAlerts,
  useMaintenance,
  useSetMaintenance,
} from "../api/alerts.ts";
import { Said } from "../said/Said.tsx";
import { Page } from "../shell/Page.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import type { Tone } from "../ui/Status.tsx";
import { Switch } from "../ui/Switch.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";
import { RuleDialog } from "./RuleDialog.tsx";
import { NoRules, Rules } from "./Rules.tsx";

const views = ["open", "acknowledged", "resolved", "rules"] as const;

export function AlertsPage() {
  const { t } = useTranslation("alerts");
  const [view, change] = useView();
  const mode = views.find((one) => one === view.get("view")) ?? "open";
  const check = useCheckAlerts();
  const tellFailure = useTellFailure();
  const look = () =>
    check.mutate(undefined, {
      onSuccess: ({ opened }) => toast.success(t("checked", { count: opened })),
      onError: tellFailure,
    });
  return (
    <Page
      title={t("title")}
      actions={
        <Button tone="primary" onClick={() => change({ new: "1" })}>
          <Plus aria-hidden className="size-4" />
          <span className="max-sm:sr-only">{t("newRule")}</span>
        </Button>
      }
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <SegmentedControl
          label={t("view")}
          value={mode}
          onChange={(value) => change({ view: value === "open" ? undefined : value })}
          segments={views.map((value) => ({ value, label: t(`views.${value}`) }))}
        />
        <Button onClick={look} busy={check.isPending}>
          <Radar aria-hidden className="size-4" />
          {t("check")}
        </Button>
        <Maintenance />
      </div>
      {mode === "rules" ? <Rules onNew={() => change({ new: "1" })} /> : <AlertList status={mode} />}
      {view.has("new") && <RuleDialog onClose={() => change({ new: undefined })} />}
    </Page>
  );
}

function Maintenance() {
  const { t } = useTranslation("alerts");
  const { data } = useMaintenance();
  const set = useSetMaintenance();
  const tellFailure = useTellFailure();
  if (!data) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Switch
        label={t("maintenance.label")}
        checked={data.isOn}
        disabled={set.isPending}
        onChange={(isOn) => set.mutate({ isOn }, { onError: tellFailure })}
      />
      {data.isOn && <Badge tone="wait">{t("maintenance.on")}</Badge>}
    </div>
  );
}

function AlertList({ status }: { status: "open" | "acknowledged" | "resolved" }) {
  const { t } = useTranslation("alerts");
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useAlerts(status);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const alerts = data.pages.flatMap(({ items }) => items);
  if (alerts.length === 0) return <NoAlerts status={status} />;
  return (
    <>
      <ol className="max-w-5xl divide-y divide-line rounded-lg border border-line bg-panel px-4">
        {alerts.map((alert) => (
          <li key={alert.id} className="py-3">
            <AlertRow alert={alert} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button
          size="small"
          busy={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
          className="self-start"
        >
          {t("more")}
        </Button>
      )}
    </>
  );
}

/** Without a rule nothing is looked at: then "nothing is wrong" would say more than anybody knows. */
function NoAlerts({ status }: { status: "open" | "acknowledged" | "resolved" }) {
  const { t } = useTranslation("alerts");
  const [, change] = useView();
  const rules = useAlertRules();
  if (status === "open" && rules.data?.items.length === 0)
    return <NoRules onNew={() => change({ new: "1" })} />;
  return (
    <EmptyState icon={status === "open" ? CircleCheck : BellOff} title={t(`none.${status}`)}>
      {t("none.text")}
    </EmptyState>
  );
}

export const severityTones: Record<string, Tone> = { critical: "fail", warning: "wait", info: "run" };

function AlertRow({ alert }: { alert: Alert }) {
  const { t } = useTranslation("alerts");
  const act = useAlertAction();
  const tellFailure = useTellFailure();
  const run = (what: "acknowledge" | "resolve") =>
    act.mutate({ id: alert.id, what }, { onError: tellFailure });
  const unsent = alert.deliveries.filter(({ state }) => state !== "sent");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      <div className="flex items-start gap-2">
        <Badge tone={severityTones[alert.severity] ?? "quiet"}>{t(`severity.${alert.severity}`)}</Badge>
        <h2 dir="auto" className="min-w-0 flex-1 font-medium text-sm">
          <Said text={alert.title} parts={alert.titleParts} />
        </h2>
        <span className="shrink-0 text-muted text-xs leading-5">
          <RelativeTime at={alert.resolvedAt ?? alert.openedAt} />
        </span>
      </div>
      <p dir="auto" className="text-muted text-sm">
        <Said text={alert.detail} parts={alert.detailParts} />
      </p>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
        <span className="min-w-0 max-w-full truncate text-muted" title={alert.ruleName}>
          {t("byRule", { name: alert.ruleName })}
        </span>
        {alert.acknowledgedBy && (
          <span className="text-muted">{t("acknowledgedBy", { name: alert.acknowledgedBy })}</span>
        )}
        {alert.resolvedBy && (
          <span className="text-muted">
            {alert.resolvedBy === "rule" ? t("overByItself") : t("resolvedBy", { name: alert.resolvedBy })}
          </span>
        )}
        {unsent.length > 0 && (
          <span className="text-wait" title={unsent[0]?.error ?? undefined}>
            {t("unsent", { count: unsent.length })}
          </span>
        )}
      </p>
      <div className="flex flex-wrap gap-2 empty:hidden">
        {alert.link && (
          <Button asChild size="small">
            <Link to={alert.link}>{t("look")}</Link>
          </Button>
        )}
        {alert.status === "open" && (
          <Button size="small" onClick={() => run("acknowledge")}>
            {t("acknowledge")}
          </Button>
        )}
        {alert.status !== "resolved" && (
          <Button size="small" tone="quiet" onClick={() => run("resolve")}>
            {t("resolve")}
          </Button>
        )}
      </div>
    </div>
  );
}
