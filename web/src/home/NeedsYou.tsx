// What stands still until a person does something: the oldest of each first, with the way to it.
import type { ExecutionSummary } from "@auraos/contract";
import { CircleCheckBig } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { isForPeople } from "./isForPeople.ts";
import { Panel } from "./Panel.tsx";
import type { OpenWait } from "./Verdict.tsx";

type NeedsYouProps = { waits: readonly OpenWait[]; parked: readonly ExecutionSummary[] };

const SHOWN = 8;

export function NeedsYou({ waits, parked }: NeedsYouProps) {
  const { t } = useTranslation("home");
  const rows = [
    ...parked.map((one) => ({
      key: one.id,
      kind: "parked",
      title: one.error?.message ?? t("needs.broken"),
      workflow: one.workflowName,
      since: one.startedAt,
      until: null,
      to: paths.execution(one.id),
    })),
    ...waits.filter(isForPeople).map((wait) => ({
      key: `${wait.executionId} ${wait.wait}`,
      kind: wait.kind as string,
      title: wait.title ?? t(`needs.untitled`),
      workflow: wait.workflowName,
      since: wait.openedAt,
      until: wait.until,
      to: paths.execution(wait.executionId),
    })),
  ].toSorted((a, b) => a.since.localeCompare(b.since));
  return (
    <Panel title={t("needs.title")}>
      {rows.length === 0 ? (
        <p className="flex items-center gap-2 py-2 text-muted">
          <CircleCheckBig aria-hidden className="size-4 text-ok" />
          {t("needs.none")}
        </p>
      ) : (
        <ul>
          {rows.slice(0, SHOWN).map((row) => (
            <li
              key={row.key}
              className="flex items-center gap-2.5 border-line border-t py-2 first:border-t-0"
            >
              <div className="w-16 shrink-0">
                <Badge tone="wait">{t(`needs.kinds.${row.kind}`)}</Badge>
              </div>
              <div className="min-w-0 flex-1">
                <p dir="auto" className="truncate font-medium rtl:text-right">
                  {row.title}
                </p>
                <p className="truncate text-muted text-xs">
                  {row.workflow} · {t("needs.since")} <RelativeTime at={row.since} />
                  {row.until !== null && (
                    <>
                      {" · "}
                      {t("needs.until")} <RelativeTime at={row.until} />
                    </>
                  )}
                </p>
              </div>
              <Button asChild size="small">
                <Link to={row.to} aria-label={t("needs.openOne", { title: row.title })}>
                  {t("needs.open")}
                </Link>
              </Button>
            </li>
          ))}
        </ul>
      )}
      {rows.length > SHOWN && (
        <Link
          to={paths.executions({ status: "waiting,parked" })}
          className="text-accent-text text-xs hover:underline"
        >
          {t("needs.all", { count: rows.length })}
        </Link>
      )}
    </Panel>
  );
}
