// What runs at this moment.
import type { ExecutionSummary } from "@auraos/contract";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../paths.ts";
import { Duration } from "../ui/Duration.tsx";
import { StatusIcon } from "../ui/Status.tsx";
import { Panel } from "./Panel.tsx";

type RunningNowProps = { executions: readonly ExecutionSummary[]; isMore: boolean };

export function RunningNow({ executions, isMore }: RunningNowProps) {
  const { t } = useTranslation("home");
  return (
    <Panel title={t("running.title")}>
      {executions.length === 0 ? (
        <p className="py-2 text-muted">{t("running.none")}</p>
      ) : (
        <ul>
          {executions.map((execution) => (
            <li
              key={execution.id}
              className="group relative flex items-center gap-2.5 border-line border-t py-2.5 first:border-t-0"
            >
              <StatusIcon status={execution.status} />
              <Link
                to={paths.execution(execution.id)}
                dir="auto"
                className="min-w-0 flex-1 truncate rounded-sm font-medium after:absolute after:inset-0 group-hover:underline rtl:text-right"
              >
                {execution.workflowName ?? execution.id}
              </Link>
              <span className="text-muted text-xs">
                <Duration since={execution.startedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {isMore && (
        <Link
          to={paths.executions({ status: "running,paused" })}
          className="inline-block rounded-sm py-1 text-accent-text text-xs hover:underline"
        >
          {t("running.all")}
        </Link>
      )}
    </Panel>
  );
}
