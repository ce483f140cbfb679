// All workflows: find, create, import, run. What is searched for stands in the address.
import { LayoutTemplate, Plus, Upload, Workflow } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type FilingFilter, useWorkflows } from "../api/workflows.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { NothingFound } from "../ui/NothingFound.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useView } from "../useView.ts";
import { CreateWorkflowDialog } from "./CreateWorkflowDialog.tsx";
import { FilingFilters, filterOf, noFilter } from "./FilingFilters.tsx";
import { ImportWorkflowsDialog } from "./ImportWorkflowsDialog.tsx";
import { TemplatesDialog } from "./TemplatesDialog.tsx";
import { WorkflowTable } from "./WorkflowTable.tsx";

export function WorkflowsPage() {
  const { t } = useTranslation(["workflows", "templates"]);
  const [view, change] = useView();
  const search = view.get("search") ?? "";
  return (
    <Page
      title={t("title")}
      actions={
        <Button tone="primary" onClick={() => change({ new: "1" })}>
          <Plus aria-hidden className="size-4" />
          <span className="max-sm:sr-only">{t("new")}</span>
        </Button>
      }
      flush
    >
      <div className="flex min-h-0 flex-1 flex-col gap-4 p-4 sm:p-6">
        <div className="flex gap-2">
          <SearchInput
            label={t("search")}
            value={search}
            onChange={(text) => change({ search: text })}
            className="min-w-0 flex-1 sm:max-w-sm"
          />
          <Button onClick={() => change({ import: "1" })}>
            <Upload aria-hidden className="size-4" />
            <span className="max-sm:sr-only">{t("import.action")}</span>
          </Button>
          <Button onClick={() => change({ templates: "1" })}>
            <LayoutTemplate aria-hidden className="size-4" />
            <span className="max-sm:sr-only">{t("templates:action")}</span>
          </Button>
        </div>
        <FilingFilters />
        <WorkflowList
          search={search}
          filing={filterOf(view)}
          onClear={() => change({ search: undefined, ...noFilter })}
        />
      </div>
      <CreateWorkflowDialog open={view.has("new")} onClose={() => change({ new: undefined })} />
      <ImportWorkflowsDialog open={view.has("import")} onClose={() => change({ import: undefined })} />
      {view.has("templates") && <TemplatesDialog onClose={() => change({ templates: undefined })} />}
    </Page>
  );
}

type WorkflowListProps = { search: string; filing: FilingFilter; onClear(): void };

function WorkflowList({ search, filing, onClear }: WorkflowListProps) {
  const { t } = useTranslation("workflows");
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useWorkflows(
    search,
    filing,
  );
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length > 0) {
    return (
      <WorkflowTable
        rows={rows}
        hasMore={hasNextPage}
        onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
      />
    );
  }
  const isFiltered = Object.keys(filing).length > 0;
  if (search === "" && !isFiltered) return <NoWorkflows />;
  const text = isFiltered ? t("filing.nothing") : t("nothingFound", { search });
  return <NothingFound text={text} onClear={onClear} />;
}

function NoWorkflows() {
  const { t } = useTranslation(["workflows", "templates"]);
  const [, change] = useView();
  return (
    <EmptyState
      icon={Workflow}
      title={t("empty.title")}
      actions={
        <>
          <Button tone="primary" onClick={() => change({ new: "1" })}>
            <Plus aria-hidden className="size-4" />
            {t("empty.create")}
          </Button>
          <Button onClick={() => change({ import: "1" })}>
            <Upload aria-hidden className="size-4" />
            {t("empty.import")}
          </Button>
          <Button onClick={() => change({ templates: "1" })}>
            <LayoutTemplate aria-hidden className="size-4" />
            {t("templates:title")}
          </Button>
        </>
      }
    >
      {t("empty.text")}
    </EmptyState>
  );
}
