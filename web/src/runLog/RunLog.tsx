// What the code of a node wrote, attempt by attempt; of many lines the first ones are kept. Its words are those of the
// pieces, because several pages show it.
import { useTranslation } from "react-i18next";
import { useRunLog } from "../api/executions.ts";
import { Button } from "../ui/Button.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";

export function RunLog({ execution, run }: { execution: string; run: string }) {
  const { t } = useTranslation("ui");
  const { written, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRunLog(
    execution,
    run,
  );
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!written) return <Skeleton className="h-24 w-full rounded-md" />;
  return (
    <div className="grid min-h-0 content-start gap-3 overflow-auto">
      {written.map(({ index, attempt, at, lines }) => {
        const label =
          index < 0
            ? t("log.ofAttempt", { number: attempt })
            : t("log.ofItem", { item: index + 1, number: attempt });
        return (
          <section key={`${index} ${attempt} ${at}`} className="grid gap-1">
            {written.length > 1 && <h3 className="font-medium text-muted text-xs">{label}</h3>}
            <CodeBlock text={lines.join("\n")} label={label} className="max-h-96" />
          </section>
        );
      })}
      {hasNextPage && (
        <Button size="small" className="w-fit" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("log.more")}
        </Button>
      )}
    </div>
  );
}
