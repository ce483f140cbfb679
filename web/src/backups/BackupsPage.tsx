// Backups: is what this server holds safe, and is that proven? The answer first, then what there is and what was done.
import { DatabaseBackup, ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "../api/account.ts";
import { type BackupOverview, useBackups, useStartDrill, useTakeBackup } from "../api/backups.ts";
import { paths } from "../paths.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { BackupList } from "./BackupList.tsx";
import { RunList } from "./RunList.tsx";
import { Safety } from "./Safety.tsx";

export function BackupsPage() {
  const { t } = useTranslation("backups");
  const { data, error, refetch, isFetching } = useBackups();
  return (
    <Page
      title={t("title")}
      crumbs={[{ label: t("settings"), to: paths.settings() }]}
      {...(data && data.mode !== "external" ? { actions: <Actions overview={data} /> } : {})}
    >
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />
      ) : data ? (
        <Content overview={data} />
      ) : (
        <SkeletonRows label={t("loading")} />
      )}
    </Page>
  );
}

function Content({ overview }: { overview: BackupOverview }) {
  const { t } = useTranslation("backups");
  if (overview.mode === "external")
    return (
      <EmptyState icon={DatabaseBackup} title={t("external.title")}>
        <p>{t("external.text")}</p>
        <div className="mt-3">
          <CodeBlock text="auraos dump auraos-all.aosb" label={t("external.command")} />
        </div>
      </EmptyState>
    );
  return (
    <div className="grid max-w-5xl gap-8">
      <Safety overview={overview} />
      <BackupList overview={overview} />
      <RunList running={overview.running?.id} />
      <Restoring folder={overview.folder} />
    </div>
  );
}

function Actions({ overview }: { overview: BackupOverview }) {
  const { t } = useTranslation("backups");
  const may = useMay("backup.manage");
  const tellFailure = useTellFailure();
  const [take, drill] = [useTakeBackup(), useStartDrill()];
  if (!may) return null;
  const running = overview.running?.kind;
  const isBusy = running !== undefined || take.isPending || drill.isPending;
  return (
    <>
      <Button
        onClick={() => drill.mutate(undefined, { onError: tellFailure })}
        disabled={isBusy || overview.items.length === 0}
        busy={running === "drill"}
      >
        <ShieldCheck aria-hidden className="size-4" />
        <span className="max-sm:sr-only">{t("drillNow")}</span>
      </Button>
      <Button
        tone="primary"
        onClick={() => take.mutate(undefined, { onError: tellFailure })}
        disabled={isBusy}
        busy={running === "backup"}
      >
        <DatabaseBackup aria-hidden className="size-4" />
        {t("takeNow")}
      </Button>
    </>
  );
}

/** A server that has to be restored cannot show this page, so the words stand here beforehand. */
function Restoring({ folder }: { folder: string }) {
  const { t } = useTranslation("backups");
  const command = `AURAOS_DATA=NEW_FOLDER auraos restore --from ${folder} --to 2026-01-31T14:30:00Z`;
  return (
    <section className="flex flex-col gap-2">
      <h2 className="font-semibold text-base">{t("restore.title")}</h2>
      <p className="max-w-prose text-muted text-sm">{t("restore.text")}</p>
      <CodeBlock text={command} label={t("restore.title")} />
    </section>
  );
}
