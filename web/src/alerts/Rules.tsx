// The rules that look: what each watches, whether it could look, and how much it has found.
import { Plus, Radar, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type AlertRule, useAlertRules, useDeleteAlertRule } from "../api/alerts.ts";
import { Said } from "../said/Said.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { severityTones } from "./AlertsPage.tsx";

export function Rules({ onNew }: { onNew(): void }) {
  const { t } = useTranslation("alerts");
  const { data, error, refetch, isFetching } = useAlertRules();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  if (data.items.length === 0) return <NoRules onNew={onNew} />;
  return (
    <ul className="max-w-5xl divide-y divide-line rounded-lg border border-line bg-panel px-4">
      {data.items.map((rule) => (
        <li key={rule.id} className="flex items-start gap-3 py-3">
          <RuleText rule={rule} />
          <DeleteButton rule={rule} />
        </li>
      ))}
    </ul>
  );
}

export function NoRules({ onNew }: { onNew(): void }) {
  const { t } = useTranslation("alerts");
  return (
    <EmptyState
      icon={Radar}
      title={t("noRules.title")}
      actions={
        <Button tone="primary" onClick={onNew}>
          <Plus aria-hidden className="size-4" />
          {t("newRule")}
        </Button>
      }
    >
      {t("noRules.text")}
    </EmptyState>
  );
}

function RuleText({ rule }: { rule: AlertRule }) {
  const { t } = useTranslation("alerts");
  const channels = rule.channels.map((one) => (one.kind === "email" ? one.to : one.host));
  return (
    <div className="grid min-w-0 flex-1 gap-1">
      <p className="flex flex-wrap items-center gap-2">
        <span dir="auto" className="font-medium text-sm">
          {rule.name}
        </span>
        <Badge tone={severityTones[rule.severity] ?? "quiet"}>{t(`severity.${rule.severity}`)}</Badge>
        {rule.open > 0 && <Badge tone="fail">{t("openOf", { count: rule.open })}</Badge>}
        {!rule.enabled && <Badge>{t("off")}</Badge>}
      </p>
      <p className="text-muted text-xs">{t(`kind.${rule.condition.kind}`)}</p>
      {channels.length > 0 && (
        <p dir="ltr" className="text-muted text-xs rtl:text-right">
          {channels.join(", ")}
        </p>
      )}
      {rule.trouble && (
        <p role="alert" className="text-fail text-xs">
          {t("trouble")} <Said text={rule.trouble} parts={rule.troubleParts} />
        </p>
      )}
      {rule.checkedAt && (
        <p className="text-faint text-xs">
          {t("lookedAt")} <RelativeTime at={rule.checkedAt} />
        </p>
      )}
    </div>
  );
}

function DeleteButton({ rule }: { rule: AlertRule }) {
  const { t } = useTranslation("alerts");
  const remove = useDeleteAlertRule();
  const tellFailure = useTellFailure();
  const ask = async () => {
    const { name } = rule;
    const question = {
      title: t("delete.title", { name }),
      description: t("delete.text"),
      action: t("delete.action"),
    };
    if (await confirm({ ...question, danger: true })) remove.mutate(rule.id, { onError: tellFailure });
  };
  return (
    <IconButton
      size="small"
      icon={Trash2}
      label={t("delete.of", { name: rule.name })}
      onClick={() => void ask()}
    />
  );
}
