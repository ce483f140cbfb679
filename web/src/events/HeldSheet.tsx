// What a subscription holds, in the order of the stream: for each event why it waits, until when, and for whom.
import { Hourglass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type HeldEvent, useHeldEvents } from "../api/events.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";

const tones = { paused: "wait", refused: "fail", running: "run", starting: "run" } as const;

/** A debounce and a rate may move further away; a batch and a join may only come earlier. */
const untils = { refused: "again", quiet: "planned", rate: "planned" } as const;

export function HeldSheet({ id, name, onClose }: { id: string; name: string; onClose(): void }) {
  const { t } = useTranslation("events");
  const title = t("waiting.title", { name });
  return (
    <Sheet open width="wide" onOpenChange={(isOpen) => !isOpen && onClose()} title={title}>
      <HeldList id={id} label={title} />
    </Sheet>
  );
}

function HeldList({ id, label }: { id: string; label: string }) {
  const { t } = useTranslation("events");
  const asked = useHeldEvents(id);
  const { data, error, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = asked;
  if (error && !data)
    return <ErrorState error={error} onRetry={() => void asked.refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length === 0)
    return (
      <EmptyState icon={Hourglass} title={t("waiting.empty.title")}>
        {t("waiting.empty.text")}
      </EmptyState>
    );
  return (
    <>
      <ol aria-label={label} className="divide-y divide-line">
        {rows.map((row) => (
          <li key={`${row.position} ${row.replay ?? ""}`} className="grid gap-1.5 py-3 text-sm">
            <HeldRow row={row} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button size="small" className="mt-2" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("ui:more")}
        </Button>
      )}
    </>
  );
}

function HeldRow({ row }: { row: HeldEvent }) {
  const { t } = useTranslation("events");
  const { code, until, executionId, refusal } = row;
  const why = { behind: row.behind ?? 0, here: row.batch?.count ?? 0, size: row.batch?.size ?? 0 };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={code in tones ? tones[code as keyof typeof tones] : "quiet"}>
          {t(`waiting.short.${code}`)}
        </Badge>
        <bdi dir="ltr" className="min-w-0 break-all font-mono">
          {row.type ?? t("position", { position: row.position })}
        </bdi>
        {row.key !== "" && (
          <span className="min-w-0 break-words text-muted">
            {t("waiting.key")} <bdi>{row.key}</bdi>
          </span>
        )}
        {row.replay !== null && <Badge>{t("waiting.replay")}</Badge>}
      </div>
      <p>
        {t(`waiting.why.${code}`, why)}{" "}
        {until !== null && (
          <span className="text-muted">
            {t(`waiting.${untils[code as keyof typeof untils] ?? "until"}`)} <RelativeTime at={until} />
          </span>
        )}
      </p>
      {refusal !== null && (
        <p dir="auto" className="break-words text-muted text-xs">
          {refusal.message} <bdi dir="ltr">{refusal.code}</bdi>
        </p>
      )}
      <p className="flex flex-wrap gap-x-3 text-muted text-xs">
        <span>{t("position", { position: row.position })}</span>
        <span>
          {t("columns.received")} <RelativeTime at={row.receivedAt} />
        </span>
        {executionId !== null && (
          <Link to={paths.execution(executionId)} className="text-accent hover:underline">
            {t("waiting.execution")}
          </Link>
        )}
      </p>
    </>
  );
}
