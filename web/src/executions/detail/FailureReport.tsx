// Why it failed, where, and what to do: the first thing a person looks for.
import type { Execution } from "@auraos/contract";
import { CircleX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { FailureText } from "./FailureText.tsx";

type FailureReportProps = { execution: Execution; onShow(run: string): void };

export function FailureReport({ execution, onShow }: FailureReportProps) {
  const { t } = useTranslation("executions");
  const { failure, status, timeline, cancel, openEffects = [], workflowId } = execution;
  if (status === "terminated" && !failure) {
    return (
      <section className="rounded-lg bg-fail-soft p-3" aria-label={t("failure.label")}>
        <p>{t("failure.terminated", { count: openEffects.length, effects: openEffects.join(", ") })}</p>
      </section>
    );
  }
  if (status === "cancelled" && !failure) {
    return (
      <p className="rounded-lg bg-sunken p-3">
        {t("failure.cancelled", { by: cancel?.by ?? t("failure.somebody"), reason: cancel?.reason ?? "" })}
      </p>
    );
  }
  if (!failure || status === "succeeded") return null;
  const run = timeline.find((one) => one.run === failure.run);
  return (
    <section aria-label={t("failure.label")} className="flex gap-3 rounded-lg bg-fail-soft p-3">
      <CircleX aria-hidden className="mt-0.5 size-5 shrink-0 text-fail" />
      <div className="min-w-0 flex-1">
        <FailureText failure={failure} />
        {openEffects.length > 0 && (
          <p className="mt-0.5">
            {t("failure.terminated", { count: openEffects.length, effects: openEffects.join(", ") })}
          </p>
        )}
        <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
          {failure.run !== undefined && (
            <button
              type="button"
              onClick={() => onShow(failure.run ?? "")}
              className="rounded-sm font-medium text-text underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              {t("failure.show", { node: run?.name ?? failure.run })}
            </button>
          )}
          <Link
            to={paths.executions({ workflow: workflowId, error: failure.code })}
            className="rounded-sm text-text underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            {t("failure.others")}
          </Link>
        </div>
      </div>
    </section>
  );
}
