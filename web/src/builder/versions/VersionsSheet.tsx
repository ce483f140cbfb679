// Every published version: when, by whom, why, what was different, and the way back to it.
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useVersions } from "../../api/workflows.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { toast } from "../../ui/toasts.ts";
import { useReplaceGraph } from "../header/useReplaceGraph.ts";
import { useBuilderState, useGraph } from "../state/BuilderContext.tsx";
import { ComparisonView } from "./ComparisonView.tsx";
import { compareGraphs } from "./compareGraphs.ts";
import { versionQuery } from "./queries.ts";
import { useActor } from "./useActor.ts";

export function VersionsSheet({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("builder");
  const id = useBuilderState((state) => state.workflowId);
  const versions = useVersions(id);
  const [open, setOpen] = useState<number>();
  const list = versions.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()} title={t("versions.title")}>
      {versions.error && <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />}
      {versions.isPending && <Skeleton className="h-20 w-full" />}
      {versions.data && list.length === 0 && <p className="text-muted text-sm">{t("versions.none")}</p>}
      {list.length > 0 && <p className="mb-3 text-muted text-sm">{t("versions.help")}</p>}
      <ol className="grid gap-2">
        {list.map((one) => (
          <li key={one.id} className="rounded-lg border border-line">
            <button
              type="button"
              aria-expanded={open === one.version}
              onClick={() => setOpen(open === one.version ? undefined : one.version)}
              className="grid w-full gap-0.5 rounded-lg px-3 py-2.5 text-start hover:bg-hover"
            >
              <span className="flex items-center gap-2">
                <span className="font-medium">{t("versions.version", { version: one.version })}</span>
                {one.published && <Badge tone="ok">{t("versions.live")}</Badge>}
                <span className="ms-auto text-muted text-xs">
                  <RelativeTime at={one.createdAt} />
                </span>
              </span>
              <PublishedBy actor={one.publishedBy} />
              {one.note && (
                <span dir="auto" className="text-muted text-xs">
                  {one.note}
                </span>
              )}
            </button>
            {open === one.version && <Version id={id} version={one.version} onClose={onClose} />}
          </li>
        ))}
      </ol>
      {versions.hasNextPage && (
        <Button
          size="small"
          className="mt-3"
          busy={versions.isFetchingNextPage}
          onClick={() => void versions.fetchNextPage()}
        >
          {t("data.more")}
        </Button>
      )}
    </Sheet>
  );
}

function PublishedBy({ actor }: { actor: string | null }) {
  const { t } = useTranslation("builder");
  const { who, name } = useActor(actor);
  if (who === "unknown") return null;
  return <span className="wrap-anywhere text-muted text-xs">{t(`versions.by.${who}`, { name })}</span>;
}

function Version({ id, version, onClose }: { id: string; version: number; onClose(): void }) {
  const { t } = useTranslation("builder");
  const graph = useGraph();
  const replace = useReplaceGraph();
  const { data } = useQuery(versionQuery(id, version));
  if (!data) return <Skeleton className="m-3 h-12" />;
  return (
    <div className="grid gap-3 border-line border-t p-3">
      <p className="text-muted text-xs">{t("versions.compared")}</p>
      <ComparisonView comparison={compareGraphs(data, graph)} />
      <Button
        size="small"
        className="justify-self-start"
        onClick={() => {
          void replace(data, "restore", false);
          toast.success(t("versions.restored", { version }), { detail: t("versions.restoredHelp") });
          onClose();
        }}
      >
        <Undo2 aria-hidden className="size-3.5" />
        {t("versions.restore")}
      </Button>
    </div>
  );
}
