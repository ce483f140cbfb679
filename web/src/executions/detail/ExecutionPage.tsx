// One execution: how it stands and why, what it waits for, where its time went, and the data of every step. The chosen
// step and the view stand in the address.
import type { Execution } from "@auraos/contract";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { useExecution } from "../../api/executions.ts";
import { paths } from "../../paths.ts";
import { Page } from "../../shell/Page.tsx";
import { isGone } from "../../ui/describeError.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { GoneState } from "../../ui/GoneState.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Status, type StatusName } from "../../ui/Status.tsx";
import { ExecutionActions } from "./ExecutionActions.tsx";
import { ExecutionView } from "./ExecutionView.tsx";
import { useExecutionLive } from "./useExecutionLive.ts";

export function ExecutionPage() {
  const { t } = useTranslation("executions");
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const { data, error, refetch, isFetching } = useExecution(id);
  useExecutionLive(id);
  const crumbs = [{ label: t("title"), to: paths.executions() }];
  if (isGone(error))
    return (
      <Page title={t("detail.title")} crumbs={crumbs}>
        <GoneState
          name={data && (data.workflowName ?? t("deletedWorkflow"))}
          onBack={() => void navigate(paths.executions())}
        />
      </Page>
    );
  if (!data) {
    return (
      <Page title={t("detail.title")} crumbs={crumbs}>
        {error ? (
          <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />
        ) : (
          <DetailSkeleton />
        )}
      </Page>
    );
  }
  return <Loaded key={id} execution={data} crumbs={crumbs} />;
}

type LoadedProps = { execution: Execution; crumbs: readonly { label: string; to: string }[] };

function Loaded({ execution, crumbs }: LoadedProps) {
  const { t } = useTranslation("executions");
  return (
    <Page
      title={execution.workflowName ?? t("deletedWorkflow")}
      crumbs={crumbs}
      aside={<Status status={shownStatus(execution)} />}
      actions={<ExecutionActions execution={execution} />}
      flush
    >
      <p role="status" className="sr-only">
        {t("detail.announce", { status: t(`ui:status.${shownStatus(execution)}`) })}
      </p>
      <ExecutionView execution={execution} />
    </Page>
  );
}

/** A step that stopped for a decision is the news, whatever else waits or runs. */
function shownStatus({ status, parked }: Execution): StatusName {
  return parked.length > 0 ? "parked" : status;
}

function DetailSkeleton() {
  const { t } = useTranslation("executions");
  return (
    <div role="status" aria-label={t("detail.loading")} className="grid gap-4">
      <Skeleton className="h-4 w-96 max-w-full" />
      <div className="grid gap-px rounded-lg border border-line bg-panel p-3">
        {["w-1/3", "w-1/2", "w-1/4", "w-2/3", "w-1/2"].map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike
          <div key={index} className="flex h-8 items-center gap-4">
            <Skeleton className="h-3.5 w-32" />
            <Skeleton className={`h-3 ${width}`} />
          </div>
        ))}
      </div>
    </div>
  );
}
