// What the watch over sign-ins, keys and exports noticed; from here it becomes an incident, or somebody has looked at it.
import { Eye } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type SecurityFinding, useFindings, useMarkSeen } from "../api/incidents.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { spoken } from "../said/spoken.ts";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { PagedList } from "./PagedList.tsx";
import { SeverityBadge } from "./severity.tsx";

export function FindingList() {
  const { t } = useTranslation("incidents");
  return (
    <PagedList
      query={useFindings()}
      none={{ icon: Eye, title: t("none.findings"), text: t("none.findingsText") }}
      rowClass="px-4 py-3"
      row={(row) => <Row row={row} />}
    />
  );
}

const pressed =
  "text-accent-text hover:underline pointer-coarse:inline-flex pointer-coarse:min-h-10 pointer-coarse:items-center";

function Row({ row }: { row: SecurityFinding }) {
  const { t } = useTranslation("incidents");
  const seen = useMarkSeen();
  const tellFailure = useTellFailure();
  const format = useFormat();
  // What an older release found has only its English sentence.
  const said =
    row.code === null ? `${row.title}. ${row.detail}` : t(`said.${row.code}`, spoken(row.parameters, format));
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
        {said}
      </p>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs pointer-coarse:-mb-2">
        {row.times > 1 && <span className="text-muted">{t("times", { count: row.times })}</span>}
        {row.seenBy !== null && <span className="text-muted">{t("seenBy", { name: row.seenBy })}</span>}
        {row.seenAt === null && (
          <button
            type="button"
            onClick={() => seen.mutate(row.id, { onError: tellFailure })}
            className={pressed}
          >
            {t("markSeen")}
          </button>
        )}
        <Link
          to={paths.incidents({ view: "findings", new: "1", title: t(`finding.${row.kind}`), note: said })}
          replace
          className={pressed}
        >
          {t("makeIncident")}
        </Link>
      </p>
    </div>
  );
}
