// The audit log: who did what, what became different, and whether the log is as it was written.
import { Download, ScrollText, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type AuditFilter, useAudit, useVerifyAudit } from "../api/audit.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";
import { AuditFilters, filterOf } from "./AuditFilters.tsx";
import { AuditTable } from "./AuditTable.tsx";
import { EntrySheet } from "./EntrySheet.tsx";
import { ExportDialog } from "./ExportDialog.tsx";
import { Verdict } from "./Verdict.tsx";

export function AuditPage() {
  const { t } = useTranslation("audit");
  const [view, change] = useView();
  const [isExporting, setIsExporting] = useState(false);
  const verify = useVerifyAudit();
  const tellFailure = useTellFailure();
  const opened = view.get("open");
  return (
    <Page
      title={t("title")}
      actions={
        <>
          <Button onClick={() => setIsExporting(true)}>
            <Download aria-hidden className="size-4" />
            <span className="max-sm:sr-only">{t("export.open")}</span>
          </Button>
          <Button
            tone="primary"
            busy={verify.isPending}
            onClick={() => verify.mutate(undefined, { onError: tellFailure })}
          >
            <ShieldCheck aria-hidden className="size-4" />
            <span className="max-sm:sr-only">{t("verify")}</span>
          </Button>
        </>
      }
      flush
    >
      <div className="flex min-h-0 flex-1 flex-col gap-4 p-4 sm:p-6">
        {verify.data && <Verdict report={verify.data} onClose={verify.reset} />}
        <AuditFilters />
        <Entries filter={filterOf(view)} />
      </div>
      {opened !== null && <EntrySheet seq={opened} onClose={() => change({ open: undefined })} />}
      {isExporting && <ExportDialog onClose={() => setIsExporting(false)} />}
    </Page>
  );
}

function Entries({ filter }: { filter: AuditFilter }) {
  const { t } = useTranslation("audit");
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useAudit(filter);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if (rows.length === 0)
    return (
      <EmptyState icon={ScrollText} title={t(isFiltered ? "empty.filteredTitle" : "empty.title")}>
        {t(isFiltered ? "empty.filteredText" : "empty.text")}
      </EmptyState>
    );
  return (
    <AuditTable
      rows={rows}
      hasMore={hasNextPage}
      onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
    />
  );
}
