// Where a person was found, with a few examples; what people must change themselves is told apart.
import { useTranslation } from "react-i18next";
import type { SubjectReport } from "../api/dataProtection.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Badge } from "../ui/Badge.tsx";
import { Nothing } from "./Part.tsx";

export function FoundPlaces({ report }: { report: SubjectReport }) {
  const { t } = useTranslation("dataProtection");
  const format = useFormat();
  if (report.found === 0) return <Nothing>{t("people.nowhere")}</Nothing>;
  return (
    <ul aria-label={t("people.places")} className="divide-y divide-line">
      {report.places.map(({ table, count, isErasable, examples }) => (
        <li key={`${table} ${isErasable}`}>
          <details className="px-4 py-2">
            <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-medium">{t(`tables.${table}`, { defaultValue: table })}</span>
              <span className="text-muted text-sm tabular-nums">{format.number(count)}</span>
              {!isErasable && (
                <Badge tone="wait">
                  {t(`people.byHand.${table === "audit_entries" ? "audit" : "setup"}`)}
                </Badge>
              )}
            </summary>
            <ul className="mt-2 grid gap-1">
              {examples.map(({ id, text }) => (
                <li key={id} dir="ltr" className="overflow-hidden text-ellipsis font-mono text-muted text-xs">
                  {text}
                </li>
              ))}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}
