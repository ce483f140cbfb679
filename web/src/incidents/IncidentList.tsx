// The incidents, newest first.
import { ShieldCheck, Snowflake } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type IncidentSummary, useIncidents } from "../api/incidents.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { SeverityBadge } from "./severity.tsx";

export function IncidentList() {
  const { t } = useTranslation("incidents");
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useIncidents();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length === 0)
    return (
      <EmptyState icon={ShieldCheck} title={t("none.incidents")}>
        {t("none.incidentsText")}
      </EmptyState>
    );
  return (
    <>
      <ol className="max-w-5xl divide-y divide-line rounded-lg border border-line bg-panel">
        {rows.map((row) => (
          <li key={row.id} className="relative px-4 py-3 hover:bg-hover/60">
            <Row row={row} />
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

function Row({ row }: { row: IncidentSummary }) {
  const { t } = useTranslation("incidents");
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <SeverityBadge of={row.severity} />
        <Link
          to={paths.incidents({ view: "incidents", open: row.id })}
          replace
          dir="auto"
          className="min-w-0 flex-1 rounded-sm font-medium text-sm after:absolute after:inset-0"
        >
          {row.title}
        </Link>
        {row.frozen > 0 && (
          <Badge tone="run">
            <Snowflake aria-hidden className="size-3" />
            {t("frozen")}
          </Badge>
        )}
        <Badge tone={row.status === "open" ? "wait" : "quiet"}>{t(`status.${row.status}`)}</Badge>
      </div>
      <p className="text-muted text-xs">
        {t("openedBy", { name: row.openedBy })} <RelativeTime at={row.openedAt} />
      </p>
    </div>
  );
}
