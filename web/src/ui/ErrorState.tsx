// Something went wrong: what, what to do, a way to try again, and the number that finds it in the log.
import { RotateCw, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { describeError } from "./describeError.ts";

type ErrorStateProps = { error: unknown; onRetry?: () => void; busy?: boolean };

export function ErrorState({ error, onRetry, busy = false }: ErrorStateProps) {
  const { t } = useTranslation("ui");
  const { title, remedy, code, requestId, problems } = describeError(error, t);
  return (
    <div
      role="alert"
      className="flex max-w-2xl flex-col items-start gap-3 rounded-lg border border-line bg-panel p-4"
    >
      <div className="flex items-start gap-3">
        <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-fail" />
        <div className="min-w-0">
          <h2 dir="auto" className="font-semibold text-base rtl:text-right">
            {title}
          </h2>
          {remedy && (
            <p dir="auto" className="mt-1 text-muted text-sm rtl:text-right">
              {remedy}
            </p>
          )}
          {problems.length > 0 && (
            <ul className="mt-2 list-disc space-y-1 ps-4 text-sm">
              {problems.slice(0, 20).map((problem) => (
                <li key={`${problem.path} ${problem.message}`}>
                  {problem.message} {problem.remedy && <span className="text-muted">{problem.remedy}</span>}
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        {onRetry && (
          <Button onClick={onRetry} busy={busy}>
            <RotateCw aria-hidden className="size-4" />
            {t("retry")}
          </Button>
        )}
        <span className="flex items-center gap-1 text-faint text-xs">
          <code className="font-mono">
            {requestId === undefined ? code : t("requestId", { id: requestId })}
          </code>
          {requestId !== undefined && <CopyButton text={requestId} label={t("copyRequestId")} />}
        </span>
      </div>
    </div>
  );
}
