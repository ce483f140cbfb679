// Connections: what workflows sign in to other services with. Secrets are filled in here and never shown again.
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Connection, useConnections } from "../api/connections.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { NothingFound } from "../ui/NothingFound.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useView } from "../useView.ts";
import { ConnectionDialog } from "./ConnectionDialog.tsx";
import { ConnectionSheet } from "./ConnectionSheet.tsx";
import { ConnectionTable } from "./ConnectionTable.tsx";

export function ConnectionsPage() {
  const { t } = useTranslation("connections");
  const [view, change] = useView();
  const [edited, setEdited] = useState<Connection | null>(null);
  const search = view.get("search") ?? "";
  const opened = view.get("open");
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
        <SearchInput
          label={t("search")}
          value={search}
          onChange={(text) => change({ search: text })}
          className="w-full sm:max-w-sm"
        />
        <ConnectionList search={search} onEdit={setEdited} />
      </div>
      {opened !== null && (
        <ConnectionSheet id={opened} onClose={() => change({ open: undefined })} onEdit={setEdited} />
      )}
      {(view.has("new") || edited) && (
        <ConnectionDialog
          connection={edited}
          kind={view.get("kind") ?? undefined}
          onClose={(made) => {
            setEdited(null);
            change({ new: undefined, kind: undefined, ...(made ? { open: made } : {}) });
          }}
        />
      )}
    </Page>
  );
}

function ConnectionList({ search, onEdit }: { search: string; onEdit(connection: Connection): void }) {
  const { t } = useTranslation("connections");
  const [, change] = useView();
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useConnections(search);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length > 0)
    return (
      <ConnectionTable
        rows={rows}
        hasMore={hasNextPage}
        onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
        onEdit={onEdit}
      />
    );
  if (search !== "") return <NothingFound search={search} onClear={() => change({ search: undefined })} />;
  return (
    <EmptyState
      icon={KeyRound}
      title={t("empty.title")}
      actions={
        <Button tone="primary" onClick={() => change({ new: "1" })}>
          <Plus aria-hidden className="size-4" />
          {t("new")}
        </Button>
      }
    >
      {t("empty.text")}
    </EmptyState>
  );
}
