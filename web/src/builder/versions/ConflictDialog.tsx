// The draft was changed elsewhere while it was being changed here. Nothing is overwritten in silence: what differs is
// shown, and the person decides. Either way undo leads back.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { request } from "../../api/request.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import type { Graph } from "../graph/graph.ts";
import { useBuilder, useGraph } from "../state/BuilderContext.tsx";
import { graphOf } from "../state/store.ts";
import { ComparisonView } from "./ComparisonView.tsx";
import { compareGraphs } from "./compareGraphs.ts";

export function ConflictDialog({ saveNow }: { saveNow(): Promise<void> }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const graph = useGraph();
  const id = builder.get().workflowId;
  const other = useQuery({
    queryKey: ["builder", "conflict", id, builder.get().etag],
    queryFn: ({ signal }) => request("get /api/v1/workflows/:id", { params: { id }, signal }),
    gcTime: 0,
  });
  const keepMine = () => {
    if (!other.data) return;
    builder.set({ etag: other.data.etag, stored: other.data.definition as Graph, saving: "unsaved" });
    void saveNow();
  };
  const takeTheirs = () => {
    if (!other.data) return;
    const theirs = other.data.definition as Graph;
    builder.set({ etag: other.data.etag, stored: theirs, saving: "saved" });
    builder.edit("takeTheirs", () => theirs);
    if (graphOf(builder.get()) === theirs) builder.set({ saving: "saved" });
  };
  return (
    <Dialog
      open
      onOpenChange={() => {}}
      title={t("conflict.title")}
      description={t("conflict.text")}
      width="wide"
      actions={
        <>
          <Button disabled={!other.data} onClick={takeTheirs}>
            {t("conflict.theirs")}
          </Button>
          <Button tone="primary" disabled={!other.data} onClick={keepMine}>
            {t("conflict.mine")}
          </Button>
        </>
      }
    >
      {other.error && <ErrorState error={other.error} onRetry={() => void other.refetch()} />}
      {!other.data && !other.error && <Skeleton className="h-24 w-full" />}
      {other.data && (
        <div className="grid gap-3">
          <p className="text-muted text-sm">
            {t("conflict.when")} <RelativeTime at={other.data.updatedAt} />
          </p>
          <ComparisonView comparison={compareGraphs(other.data.definition as Graph, graph)} />
        </div>
      )}
    </Dialog>
  );
}
