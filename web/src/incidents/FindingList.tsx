// What the watch over sign-ins, keys and exports noticed; from here it becomes an incident, or somebody has looked at it.
import { Eye } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type SecurityFinding, useFindings, useMarkSeen } from "../api/incidents.ts";
import { paths } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { SeverityBadge } from "./severity.tsx";

export function FindingList() {
  const { t } = useTranslation("incidents");
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useFindings();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length === 0)
    return (
      <EmptyState icon={Eye} title={t("none.findings")}>
        {t("none.findingsText")}
      </EmptyState>
    );
  return (
    <>
      <ol className="max-w-5xl divide-y divide-line rounded-lg border border-line bg-panel px-4">
        {rows.map((row) => (
          <li key={row.id} className="py-3">
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

function Row({ row }: { row: SecurityFinding }) {
  const { t } = useTranslation("incidents");
  const seen = useMarkSeen();
  const tellFailure = useTellFailure();
  return (
    <div className="grid gap-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <SeverityBadge of={row.severity} />
        <h2 className="min-w-0 flex-1 font-medium text-sm">{t(`finding.${row.kind}`)}</h2>
        <span className="text-muted text-xs">
          <RelativeTime at={row.lastAt} />
        </span>
      </div>
      <p dir="auto" className="text-muted text-sm rtl:text-right">
        {row.title}. {row.detail}
      </p>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
        {row.times > 1 && <span className="text-muted">{t("times", { count: row.times })}</span>}
        {row.seenBy !== null && <span className="text-muted">{t("seenBy", { name: row.seenBy })}</span>}
        {row.seenAt === null && (
          <button
            type="button"
            onClick={() => seen.mutate(row.id, { onError: tellFailure })}
            className="text-accent-text hover:underline"
          >
            {t("markSeen")}
          </button>
        )}
        <Link
          to={paths.incidents({ view: "findings", new: "1", title: row.title, note: row.detail })}
          replace
          className="text-accent-text hover:underline"
        >
          {t("makeIncident")}
        </Link>
      </p>
    </div>
  );
}
