// Failures by their cause: what to repair first. Each leads to the executions that failed so.
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ReplyOf } from "../api/request.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { errorTitle } from "../ui/errorTitle.ts";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Panel } from "./Panel.tsx";
import type { HomeRange } from "./ranges.ts";

type Cause = ReplyOf<"get /api/v1/stats/failures">["items"][number];

export function FailureCauses({ range, causes }: { range: HomeRange; causes: readonly Cause[] }) {
  const { t } = useTranslation("home");
  const format = useFormat();
  return (
    <Panel title={t("causes.title")}>
      {causes.length === 0 ? (
        <p className="py-2 text-muted">{t("causes.none")}</p>
      ) : (
        <ul>
          {causes.map((cause) => (
            <li
              key={`${cause.workflowId} ${cause.code}`}
              className="group relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-line border-t py-2.5 first:border-t-0"
            >
              <Link
                to={paths.executions({
                  range,
                  workflow: cause.workflowId,
                  error: cause.code,
                  status: "failed",
                })}
                dir="auto"
                className="line-clamp-2 rounded-sm font-medium after:absolute after:inset-0 group-hover:underline sm:line-clamp-1 rtl:text-right"
              >
                {errorTitle(cause.code, t as TFunction) ?? (cause.message || cause.code)}
              </Link>
              <span className="text-end font-medium">
                {t("causes.count", { number: format.number(cause.count) })}
              </span>
              <span className="truncate text-muted text-xs">
                <code className="font-mono">{cause.code}</code>
                {cause.workflowName && ` · ${cause.workflowName}`}
              </span>
              <span className="text-end text-muted text-xs">
                <Link
                  to={paths.execution(cause.lastExecutionId)}
                  className="relative z-1 rounded-sm hover:underline pointer-coarse:-my-3 pointer-coarse:inline-block pointer-coarse:py-3"
                >
                  {t("causes.last")} <RelativeTime at={cause.lastAt} />
                </Link>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
