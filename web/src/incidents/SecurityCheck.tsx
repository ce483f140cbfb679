// The security check: what could be safer, by kind, each with what to do and where; and what is in order.
import { CircleCheck, RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type SecurityCheckItem, useSecurityCheck } from "../api/incidents.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { spoken } from "../said/spoken.ts";
import { Button } from "../ui/Button.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { SeverityBadge } from "./severity.tsx";

const SHOWN_MAX = 8;

export function SecurityCheck() {
  const { t } = useTranslation("incidents");
  const { data, error, refetch, isFetching } = useSecurityCheck();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const groups = Map.groupBy(data.items, ({ check }) => check);
  return (
    <div className="grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center gap-3 text-sm">
        <p className="font-semibold">{t("check.found", { count: groups.size })}</p>
        <span className="text-muted text-xs">
          {t("check.at")} <RelativeTime at={data.at} />
        </span>
        <Button size="small" tone="quiet" busy={isFetching} onClick={() => void refetch()}>
          <RefreshCw aria-hidden className="size-4" />
          {t("check.again")}
        </Button>
      </div>
      {[...groups].map(([check, items]) => (
        <Group key={check} check={check} items={items} />
      ))}
      {data.passed.length > 0 && (
        <section aria-label={t("check.passed")} className="rounded-lg border border-line bg-panel p-4">
          <h2 className="mb-2 font-semibold text-sm">{t("check.passed")}</h2>
          <ul className="grid gap-1.5 sm:grid-cols-2">
            {data.passed.map((check) => (
              <li key={check} className="flex items-center gap-2 text-muted text-sm">
                <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" />
                {t(`checks.${check}.good`)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

type GroupProps = { check: SecurityCheckItem["check"]; items: readonly SecurityCheckItem[] };

function Group({ check, items }: GroupProps) {
  const { t } = useTranslation("incidents");
  const first = items[0];
  if (first === undefined) return null;
  const rest = items.length - SHOWN_MAX;
  return (
    <section aria-label={t(`checks.${check}.bad`)} className="rounded-lg border border-line bg-panel">
      <div className="grid gap-1 border-line border-b p-4">
        <div className="flex flex-wrap items-center gap-2">
          <SeverityBadge of={first.severity} />
          <h2 className="font-semibold text-sm">{t(`checks.${check}.bad`)}</h2>
        </div>
        <p className="text-muted text-sm">{t(`checks.${check}.remedy`)}</p>
      </div>
      <ul className="divide-y divide-line px-4">
        {items.slice(0, SHOWN_MAX).map((item) => (
          <Item key={`${item.object ?? ""} ${item.title}`} item={item} />
        ))}
      </ul>
      {rest > 0 && <p className="px-4 pb-3 text-muted text-xs">{t("check.more", { count: rest })}</p>}
    </section>
  );
}

function Item({ item: { check, object, link, parameters } }: { item: SecurityCheckItem }) {
  const { t } = useTranslation("incidents");
  const format = useFormat();
  const words = spoken(parameters, format);
  const isNeverUsed = (check === "unusedConnection" || check === "staleKey") && words.used === undefined;
  return (
    <li className="flex flex-wrap items-center gap-x-3 py-2.5">
      <div className="min-w-0 flex-1">
        {object !== null && (
          <p dir="auto" className="break-words text-sm rtl:text-right">
            {t(`checks.${check}.title`, words)}
          </p>
        )}
        <p dir="auto" className="text-muted text-xs rtl:text-right">
          {isNeverUsed ? t(`checks.${check}.never`, words) : t(`checks.${check}.detail`, words)}
        </p>
      </div>
      <Link to={link} className="text-accent-text text-sm hover:underline pointer-coarse:py-2.5">
        {t("check.look")}
      </Link>
    </li>
  );
}
