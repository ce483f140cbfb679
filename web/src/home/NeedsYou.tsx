// What stands still until a person does something: the oldest of each first, with the way to it. What one act settles,
// such as letting a paused workflow start again, is settled here.
import type { ExecutionSummary } from "@auraos/contract";
import type { TFunction } from "i18next";
import { CircleCheckBig } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "../api/account.ts";
import { type LimitedWorkflow, useResumeWorkflow } from "../api/limits.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { errorTitle } from "../ui/errorTitle.ts";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { isForPeople } from "./isForPeople.ts";
import { Panel } from "./Panel.tsx";
import type { OpenWait } from "./Verdict.tsx";

type NeedsYouProps = {
  waits: readonly OpenWait[];
  parked: readonly ExecutionSummary[];
  sick: readonly LimitedWorkflow[];
  /** There are others that are not counted. */
  isMore: boolean;
};

type Row = {
  key: string;
  kind: "approval" | "parked" | "sick";
  title: string;
  about: string | null;
  since: string;
  until: string | null;
  to: string;
  sick?: LimitedWorkflow;
};

const SHOWN = 8;

export function NeedsYou({ waits, parked, sick, isMore }: NeedsYouProps) {
  const { t } = useTranslation("home");
  const format = useFormat();
  const rows = [
    ...sick.map(
      (one): Row => ({
        key: one.workflowId,
        kind: "sick",
        title: one.workflowName,
        about: t("needs.sick", { count: one.failures, number: format.number(one.failures) }),
        since: one.pausedAt ?? "",
        until: null,
        to: paths.executions({ workflow: one.workflowId, status: "failed" }),
        sick: one,
      }),
    ),
    ...parked.map(
      (one): Row => ({
        key: one.id,
        kind: "parked",
        title:
          (one.error && (errorTitle(one.error.code, t as TFunction) ?? one.error.message)) ??
          t("needs.broken"),
        about: one.workflowName,
        since: one.startedAt,
        until: null,
        to: paths.execution(one.id),
      }),
    ),
    ...waits.filter(isForPeople).map(
      (wait): Row => ({
        key: `${wait.executionId} ${wait.wait}`,
        kind: wait.kind === "approval" ? "approval" : "parked",
        title: wait.title ?? t("needs.untitled"),
        about: wait.workflowName,
        since: wait.openedAt,
        until: wait.until,
        to: paths.execution(wait.executionId),
      }),
    ),
  ].toSorted((a, b) => a.since.localeCompare(b.since));
  return (
    <Panel title={t("needs.title")} count={rows.length} isMore={isMore}>
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
              className="flex items-center gap-x-2.5 gap-y-2 border-line border-t py-2.5 first:border-t-0 max-sm:flex-wrap"
            >
              <div className="w-18 shrink-0 max-sm:hidden">
                <Kind kind={row.kind} />
              </div>
              <div className="min-w-0 flex-1 max-sm:basis-full">
                <p dir="auto" className="line-clamp-2 font-medium sm:line-clamp-1 rtl:text-right">
                  {row.title}
                </p>
                <p className="truncate text-muted text-xs">
                  {row.about !== null && (
                    <>
                      <bdi>{row.about}</bdi> ·{" "}
                    </>
                  )}
                  {t("needs.since")} <RelativeTime at={row.since} />
                  {row.until !== null && (
                    <>
                      {" · "}
                      {t("needs.until")} <RelativeTime at={row.until} />
                    </>
                  )}
                </p>
              </div>
              <span className="me-auto sm:hidden">
                <Kind kind={row.kind} />
              </span>
              {row.sick && <Resume workflow={row.sick} />}
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
          className="inline-block rounded-sm py-1 text-accent-text text-xs hover:underline"
        >
          {t("needs.all", { number: format.atLeast(rows.length, isMore) })}
        </Link>
      )}
    </Panel>
  );
}

function Kind({ kind }: { kind: Row["kind"] }) {
  const { t } = useTranslation("home");
  return <Badge tone={kind === "sick" ? "fail" : "wait"}>{t(`needs.kinds.${kind}`)}</Badge>;
}

/** Its limits stay; after as many failures in a row it is paused again. */
function Resume({ workflow }: { workflow: LimitedWorkflow }) {
  const { t } = useTranslation("home");
  const tellFailure = useTellFailure();
  const resuming = useResumeWorkflow();
  const mayResume = useMay("workflow.publish");
  const [isBusy, setIsBusy] = useState(false);
  if (!mayResume) return null;
  const name = workflow.workflowName;
  const resume = async () => {
    setIsBusy(true);
    try {
      await resuming.mutateAsync(workflow);
      toast.success(t("needs.resumed", { name }));
    } catch (error) {
      tellFailure(error);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Button
      size="small"
      busy={isBusy}
      aria-label={t("needs.resumeOne", { name })}
      onClick={() => void resume()}
    >
      {t("needs.resume")}
    </Button>
  );
}
