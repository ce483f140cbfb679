// The last executions of a workflow as bars, with the count of the last 24 hours beside them. What the page already
// knows is enough for most; a workflow that did not run lately asks for its own.
import type { ExecutionSummary } from "@auraos/contract";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useExecutions } from "../api/executions.ts";
import type { Stats } from "../api/platform.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { SparkBars } from "../ui/SparkBars.tsx";
import { statuses } from "../ui/Status.tsx";

const SHOWN = 16;

type LastExecutionsProps = {
  workflowId: string;
  executions: readonly ExecutionSummary[];
  /** There are no others than those that the page knows of. */
  isAll: boolean;
  today: Stats["items"][number] | undefined;
};

export function LastExecutions({ workflowId, executions, isAll, today }: LastExecutionsProps) {
  if (executions.length > 0) return <Bars workflowId={workflowId} executions={executions} today={today} />;
  return isAll ? <NeverRun /> : <OwnExecutions workflowId={workflowId} today={today} />;
}

function OwnExecutions({ workflowId, today }: Omit<BarsProps, "executions">) {
  const { data } = useExecutions({ workflow: workflowId }, SHOWN);
  const executions = data?.pages[0]?.items ?? [];
  if (executions.length === 0) return data ? <NeverRun /> : null;
  return <Bars workflowId={workflowId} executions={executions.toReversed()} today={today} />;
}

function NeverRun() {
  const { t } = useTranslation("workflows");
  return <span className="text-faint text-xs">{t("neverRun")}</span>;
}

type BarsProps = Omit<LastExecutionsProps, "isAll">;

function Bars({ workflowId, executions, today }: BarsProps) {
  const { t } = useTranslation("workflows");
  const format = useFormat();
  const last = executions.slice(-SHOWN);
  const failed = last.filter(({ status }) => status === "failed" || status === "terminated").length;
  return (
    <Link
      to={paths.executions({ workflow: workflowId })}
      className="relative z-1 flex items-center gap-2.5 rounded-sm"
    >
      <SparkBars
        label={t("last.label", { count: last.length, failed })}
        slots={SHOWN}
        bars={last.map(({ id, status, durationMs }) => ({
          key: id,
          value: durationMs ?? 0,
          tone: statuses[status].tone,
        }))}
      />
      {today && today.count > 0 && (
        <span className="whitespace-nowrap text-muted text-xs">
          {t("last.today", { number: format.compact(today.count) })}
        </span>
      )}
    </Link>
  );
}
