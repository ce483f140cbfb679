// What the code of a node wrote in the run that is shown, attempt by attempt.
import { useTranslation } from "react-i18next";
import { useRunLog } from "../../api/executions.ts";
import { Button } from "../../ui/Button.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";

export function RunLog({ execution, run }: { execution: string; run: string }) {
  const { t } = useTranslation("builder");
  const { written, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRunLog(
    execution,
    run,
  );
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!written) return <Skeleton className="h-16 w-full" />;
  return (
    <div className="grid min-h-0 content-start gap-2 overflow-auto">
      {written.map(({ index, attempt, at, lines }) => {
        const label =
          index < 0
            ? t("data.logOf", { number: attempt })
            : t("data.logOfItem", { item: index + 1, number: attempt });
        return (
          <section key={`${index} ${attempt} ${at}`} className="grid gap-1">
            {written.length > 1 && <h3 className="font-medium text-muted text-xs">{label}</h3>}
            <CodeBlock text={lines.join("\n")} label={label} className="max-h-96" />
          </section>
        );
      })}
      {hasNextPage && (
        <Button size="small" className="w-fit" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("data.more")}
        </Button>
      )}
    </div>
  );
}
