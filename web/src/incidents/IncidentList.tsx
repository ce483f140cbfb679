// The incidents, newest first.
import { ShieldCheck, Snowflake } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type IncidentSummary, useIncidents } from "../api/incidents.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { PagedList } from "./PagedList.tsx";
import { SeverityBadge } from "./severity.tsx";

export function IncidentList() {
  const { t } = useTranslation("incidents");
  return (
    <PagedList
      query={useIncidents()}
      none={{ icon: ShieldCheck, title: t("none.incidents"), text: t("none.incidentsText") }}
      rowClass="relative px-4 py-3 hover:bg-hover/60"
      row={(row) => <Row row={row} />}
    />
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
