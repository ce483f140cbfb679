// What was done: backups and drills, how each ended and what a drill found.
import { useTranslation } from "react-i18next";
import { type BackupRun, useBackupRuns } from "../api/backups.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Said } from "../said/Said.tsx";
import { Badge } from "../ui/Badge.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";

const tones = { running: "run", done: "ok", failed: "fail" } as const;

export function RunList({ running }: { running: string | undefined }) {
  const { t } = useTranslation("backups");
  const { data, error, refetch, isFetching } = useBackupRuns(running);
  return (
    <section aria-label={t("runs.title")}>
      <h2 className="mb-2 font-semibold text-base">{t("runs.title")}</h2>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />
      ) : !data ? (
        <SkeletonRows label={t("loading")} />
      ) : data.items.length === 0 ? (
        <p className="text-muted text-sm">{t("runs.none")}</p>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-panel">
          {data.items.map((run) => (
            <Row key={run.id} run={run} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ run }: { run: BackupRun }) {
  const { t } = useTranslation("backups");
  return (
    <li className="px-3 py-2.5">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <span className="font-medium">{t(`kinds.${run.kind}`)}</span>
        <Badge tone={tones[run.state]}>{t(`states.${run.state}`)}</Badge>
        <span className="text-muted text-xs">
          <RelativeTime at={run.startedAt} />
        </span>
        <span className="text-muted text-xs" dir="auto">
          {run.startedBy === "schedule" ? t("runs.schedule") : run.startedBy}
        </span>
      </p>
      <Outcome run={run} />
    </li>
  );
}

function Outcome({ run }: { run: BackupRun }) {
  const { t } = useTranslation("backups");
  const format = useFormat();
  if (run.failure !== null)
    return (
      <p className="mt-0.5 break-words text-fail text-xs">
        <Said text={run.failure} parts={run.failureParts} />
      </p>
    );
  const { proof, sizes } = run;
  const text = proof
    ? t(proof.isEqual === true ? "runs.equal" : "runs.sound", {
        rows: format.number(proof.rows),
        tables: format.number(proof.tables),
        indexes: format.number(proof.indexes),
        took: format.duration(proof.tookMs),
      })
    : sizes
      ? t("runs.sizes", { size: format.bytes(sizes.clusterBytes), stored: format.bytes(sizes.storedBytes) })
      : null;
  return text === null ? null : <p className="mt-0.5 text-muted text-xs">{text}</p>;
}
