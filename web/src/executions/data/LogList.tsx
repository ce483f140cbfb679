// What the code of a node wrote, attempt by attempt; of many lines the first ones are kept.
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { useAttempts } from "../queries.ts";

export function LogList({ id, run }: { id: string; run: string }) {
  const { t } = useTranslation("executions");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAttempts(id, run);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-24 w-full rounded-md" />;
  const written = data.pages
    .flatMap(({ items }) => items)
    .flatMap(({ index, attempts }) => attempts.map((attempt) => ({ index, ...attempt })))
    .filter(({ logs }) => logs !== undefined && logs.length > 0);
  return (
    <div className="grid gap-3">
      {written.map(({ index, attempt, at, logs = [] }) => {
        const label =
          index < 0
            ? t("data.logOf", { number: attempt })
            : t("data.logOfItem", { item: index + 1, number: attempt });
        return (
          <section key={`${index} ${attempt} ${at}`} className="grid gap-1">
            {written.length > 1 && <h3 className="font-medium text-muted text-xs">{label}</h3>}
            <CodeBlock text={logs.join("\n")} label={label} className="max-h-96" />
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
