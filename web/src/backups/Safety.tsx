// The answer in four facts: the last backup, the last proof, how much could be lost, what the key is. Above them what
// somebody has to do something about.
import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type BackupOverview, type BackupRun, useReleaseRestored } from "../api/backups.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Said } from "../said/Said.tsx";
import { Button } from "../ui/Button.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";

export function Safety({ overview }: { overview: BackupOverview }) {
  const { t } = useTranslation("backups");
  const { lastBackup, lastDrill, trouble, mode } = overview;
  return (
    <section className="grid gap-3" aria-label={t("safety")}>
      {overview.restored && <Restored moment={overview.restored.moment} />}
      {trouble !== null && (
        <Note tone="fail" title={t("trouble")}>
          <span className="break-words">
            <Said text={trouble} parts={overview.troubleParts} />
          </span>
        </Note>
      )}
      {mode === "manual" && (
        <Note tone="wait" title={t("manual.title")}>
          {t("manual.text")}
        </Note>
      )}
      <dl className="grid grid-cols-1 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-2 lg:grid-cols-4">
        <Fact name={t("facts.backup")} more={<Next at={overview.nextBackupAt} />}>
          <Last run={lastBackup} />
        </Fact>
        <Fact name={t("facts.drill")} more={<Next at={overview.nextDrillAt} />}>
          <Last run={lastDrill} />
        </Fact>
        <Fact name={t("facts.archive")} more={<Archived overview={overview} />}>
          {t(overview.archive ? "archive.any" : "archive.none")}
        </Fact>
        <Fact name={t("facts.key")} more={t("key.keep")}>
          {overview.keyId === null ? (
            t("key.none")
          ) : (
            <code dir="ltr" className="font-mono font-normal text-sm">
              {overview.keyId}
            </code>
          )}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, more, children }: { name: string; more: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1 bg-panel p-3">
      <dt className="text-muted text-xs">{name}</dt>
      <dd className="font-semibold text-base">{children}</dd>
      <dd className="text-muted text-xs">{more}</dd>
    </div>
  );
}

function Last({ run }: { run: BackupRun | null }) {
  const { t } = useTranslation("backups");
  if (run === null) return <span className="text-muted">{t("never")}</span>;
  const isGood = run.state === "done";
  const Icon = isGood ? CircleCheck : CircleAlert;
  return (
    <span className="flex items-center gap-1.5">
      <Icon aria-hidden className={isGood ? "size-4 text-ok" : "size-4 text-fail"} />
      <span className="sr-only">{t(`states.${run.state}`)}</span>
      <RelativeTime at={run.endedAt ?? run.startedAt} />
    </span>
  );
}

function Next({ at }: { at: string | null }) {
  const { t } = useTranslation("backups");
  const format = useFormat();
  if (at === null) return t("next.none");
  return t("next.at", { when: format.exact(Date.parse(at)) });
}

function Archived({ overview: { archive, items } }: { overview: BackupOverview }) {
  const { t } = useTranslation("backups");
  const format = useFormat();
  const oldest = items.findLast(({ consistentAt }) => consistentAt !== null)?.consistentAt;
  if (archive === null) return t("archive.only");
  if (oldest === undefined || oldest === null) return t("archive.first");
  return t("archive.since", { when: format.exact(Date.parse(oldest)) });
}

function Restored({ moment }: { moment: string }) {
  const { t } = useTranslation("backups");
  const release = useReleaseRestored();
  const tellFailure = useTellFailure();
  return (
    <Note tone="wait" title={t("restored.title")}>
      <p>{t("restored.text", { moment })}</p>
      <Button
        size="small"
        className="mt-2"
        busy={release.isPending}
        onClick={() => release.mutate(undefined, { onError: tellFailure })}
      >
        {t("restored.release")}
      </Button>
    </Note>
  );
}

function Note({ tone, title, children }: { tone: "fail" | "wait"; title: string; children: ReactNode }) {
  return (
    <div role="status" className="flex gap-3 rounded-lg border border-line bg-panel p-3 text-sm">
      <TriangleAlert
        aria-hidden
        className={tone === "fail" ? "mt-0.5 size-4 shrink-0 text-fail" : "mt-0.5 size-4 shrink-0 text-wait"}
      />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <div className="mt-0.5 text-muted">{children}</div>
      </div>
    </div>
  );
}
