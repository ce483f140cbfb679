// Where the time goes: the workflows whose slow executions take longest.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Stats } from "../api/platform.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { Panel } from "./Panel.tsx";
import type { HomeRange } from "./ranges.ts";

const SHOWN = 6;

export function SlowestWorkflows({ range, rows }: { range: HomeRange; rows: Stats["items"] }) {
  const { t } = useTranslation("home");
  const format = useFormat();
  const slowest = rows.toSorted((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0)).slice(0, SHOWN);
  const most = Math.max(1, slowest[0]?.p95 ?? 1);
  return (
    <Panel
      title={t("slowest.title")}
      aside={<span className="text-muted text-xs">{t("charts.percentiles")}</span>}
    >
      {slowest.length === 0 ? (
        <p className="py-2 text-muted">{t("slowest.none")}</p>
      ) : (
        <ul>
          {slowest.map(({ key, name, workflowId, count, p50, p95 }) => (
            <li key={key} className="group relative border-line border-t py-2.5 first:border-t-0">
              <div className="flex items-baseline justify-between gap-3">
                <Link
                  to={paths.executions({ range, workflow: workflowId ?? key })}
                  dir="auto"
                  className="truncate rounded-sm font-medium after:absolute after:inset-0 group-hover:underline rtl:text-right"
                >
                  {name ?? t("slowest.deleted")}
                </Link>
                <span className="whitespace-nowrap">
                  {`${format.duration(p50 ?? 0)} / ${format.duration(p95 ?? 0)}`}
                </span>
              </div>
              <div className="mt-1 flex items-center gap-3">
                <div aria-hidden className="h-1 flex-1 rounded-full bg-sunken">
                  <div
                    className="h-1 rounded-full bg-run-fill/70"
                    style={{ width: `${Math.max(1, ((p95 ?? 0) / most) * 100)}%` }}
                  />
                </div>
                <span className="text-muted text-xs">
                  {t("slowest.count", { number: format.number(count) })}
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
