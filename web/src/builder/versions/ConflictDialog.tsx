// The draft was changed elsewhere while it was being changed here. Nothing is overwritten in silence: who stored it, what
// changed there and what changed here is shown, and the person decides. Either way undo leads back.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
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
import { compareGraphs, isEqual } from "./compareGraphs.ts";
import { useActor } from "./useActor.ts";

type ConflictDialogProps = { saveNow(): Promise<void>; onLater(): void };

export function ConflictDialog({ saveNow, onLater }: ConflictDialogProps) {
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
      onOpenChange={onLater}
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
        <div className="grid gap-4">
          <p className="text-muted text-sm">
            <StoredBy actor={other.data.draftBy} /> <RelativeTime at={other.data.updatedAt} />
          </p>
          <Changes base={builder.get().stored} theirs={other.data.definition as Graph} mine={graph} />
        </div>
      )}
    </Dialog>
  );
}

function StoredBy({ actor }: { actor: string | null }) {
  const { t } = useTranslation("builder");
  const { who, name } = useActor(actor);
  return t(`conflict.by.${who}`, { name });
}

/** Both sides since they parted; one comparison where it is no longer known where that was. */
function Changes({ base, theirs, mine }: { base: Graph; theirs: Graph; mine: Graph }) {
  const { t } = useTranslation("builder");
  const there = compareGraphs(base, theirs);
  if (isEqual(there))
    return (
      <Part title={t("conflict.difference")}>
        <ComparisonView comparison={compareGraphs(theirs, mine)} />
      </Part>
    );
  return (
    <>
      <Part title={t("conflict.theirChanges")}>
        <ComparisonView comparison={there} />
      </Part>
      <Part title={t("conflict.myChanges")}>
        <ComparisonView comparison={compareGraphs(base, mine)} />
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-1.5">
      <h3 className="font-medium text-sm">{title}</h3>
      {children}
    </section>
  );
}
