// Alerts that nobody has taken care of yet, the most severe first. Nothing is shown while there are none, or to those
// who may not see them.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAlerts } from "../api/alerts.ts";
import { paths } from "../paths.ts";
import { Said } from "../said/Said.tsx";
import { Badge } from "../ui/Badge.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Panel } from "./Panel.tsx";

const SHOWN = 4;
const order = ["critical", "warning", "info"] as const;
const tones = { critical: "fail", warning: "wait", info: "quiet" } as const;

export function OpenAlerts() {
  const { t } = useTranslation("home");
  const alerts = useAlerts("open").data?.pages[0]?.items ?? [];
  if (alerts.length === 0) return null;
  const sorted = alerts.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return (
    <Panel
      title={t("alerts.title")}
      aside={
        <Link to={paths.alerts()} className="rounded-sm text-accent-text text-xs hover:underline">
          {t("alerts.all")}
        </Link>
      }
    >
      <ul>
        {sorted.slice(0, SHOWN).map((alert) => (
          <li
            key={alert.id}
            className="group relative flex items-center gap-2.5 border-line border-t py-2.5 first:border-t-0"
          >
            <div className="w-18 shrink-0">
              <Badge tone={tones[alert.severity]}>{t(`alerts.severities.${alert.severity}`)}</Badge>
            </div>
            <div className="min-w-0 flex-1">
              <Link
                to={paths.alerts()}
                dir="auto"
                className="block truncate rounded-sm font-medium after:absolute after:inset-0 group-hover:underline rtl:text-right"
              >
                <Said text={alert.title} parts={alert.titleParts} />
              </Link>
              <p dir="auto" className="truncate text-muted text-xs rtl:text-right">
                <Said text={alert.detail} parts={alert.detailParts} />
              </p>
            </div>
            <span className="relative z-1 shrink-0 text-muted text-xs">
              <RelativeTime at={alert.openedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
