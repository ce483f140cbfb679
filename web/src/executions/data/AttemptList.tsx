// Attempts, item by item: when, how long, how they ended, and when the next was due.
import { useTranslation } from "react-i18next";
import { useAttempts } from "../../api/executions.ts";
import { useFormat } from "../../i18n/useFormat.ts";
import { Button } from "../../ui/Button.tsx";
import { Duration } from "../../ui/Duration.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { StatusIcon, type StatusName } from "../../ui/Status.tsx";
import type { ItemRun } from "../queries.ts";

type Attempt = ItemRun["attempts"][number];

const statuses: Record<Attempt["status"], StatusName> = {
  scheduled: "running",
  started: "running",
  confirming: "waiting",
  retrying: "failed",
  succeeded: "succeeded",
  failed: "failed",
  dropped: "cancelled",
};

export function AttemptList({ id, run }: { id: string; run: string }) {
  const { t } = useTranslation("executions");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAttempts(id, run);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-24 w-full rounded-md" />;
  const items = data.pages.flatMap((page) => page.items);
  return (
    <div className="grid gap-3">
      {items.map((item) => (
        <section key={item.index} className="grid gap-1">
          {item.index >= 0 && (
            <h3 className="font-medium text-muted text-xs">
              {t("failure.item", { number: item.index + 1 })}
            </h3>
          )}
          <ol className="rounded-md border border-line">
            {item.attempts.map((attempt) => (
              <AttemptRow key={`${attempt.attempt} ${attempt.at}`} attempt={attempt} />
            ))}
          </ol>
        </section>
      ))}
      {hasNextPage && (
        <Button size="small" className="w-fit" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("data.more")}
        </Button>
      )}
    </div>
  );
}

function AttemptRow({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation("executions");
  const format = useFormat();
  const { at, endedAt, retryAt, failure } = attempt;
  return (
    <li className="grid gap-0.5 border-line border-t p-2 first:border-t-0">
      <div className="flex items-center gap-2">
        <StatusIcon status={statuses[attempt.status]} />
        <span className="font-medium">{t("data.attempt", { number: attempt.attempt })}</span>
        <span className="text-muted text-xs">{t(`data.attemptStatus.${attempt.status}`)}</span>
        <span className="ms-auto text-muted text-xs">
          {endedAt === null ? (
            <Duration since={at} />
          ) : (
            <Duration ms={Date.parse(endedAt) - Date.parse(at)} />
          )}
        </span>
      </div>
      {failure && (
        <p className="text-xs">
          <code className="font-mono text-fail">{failure.code}</code> {failure.message}
        </p>
      )}
      <p className="text-muted text-xs">
        <RelativeTime at={at} />
        {retryAt !== undefined && endedAt !== null && (
          <>
            {" · "}
            {t("data.retryAfter", { duration: format.duration(Date.parse(retryAt) - Date.parse(endedAt)) })}
          </>
        )}
      </p>
    </li>
  );
}
