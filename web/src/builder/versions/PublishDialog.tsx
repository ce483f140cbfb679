// Publishing is a decision: what changes, a word about why, and then the next version.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkflow } from "../../api/workflows.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { Field } from "../../ui/Field.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Textarea } from "../../ui/Textarea.tsx";
import { toast } from "../../ui/toasts.ts";
import { useBuilder, useGraph } from "../state/BuilderContext.tsx";
import type { Workflow } from "../state/startBuilder.ts";
import { ComparisonView } from "./ComparisonView.tsx";
import { compareGraphs } from "./compareGraphs.ts";
import { usePublish, versionQuery } from "./queries.ts";

type PublishProps = { workflow: Workflow; saveNow(): Promise<void>; onClose(): void };

export function PublishDialog({ workflow, saveNow, onClose }: PublishProps) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const graph = useGraph();
  const { version } = useWorkflow(workflow.id).data ?? workflow;
  const published = useQuery({ ...versionQuery(workflow.id, version ?? 0), enabled: version !== null });
  const publish = usePublish(workflow.id);
  const [note, setNote] = useState("");
  const go = async () => {
    await saveNow();
    if (builder.get().saving !== "saved") return;
    const reply = await publish.mutateAsync(note).catch(() => undefined);
    if (!reply) return;
    onClose();
    toast.success(t("publish.success", { version: reply.version }), {
      ...(reply.webhooks[0] ? { detail: t("publish.listens", { path: reply.webhooks[0].path }) } : {}),
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("publish.heading", { version: (version ?? 0) + 1 })}
      description={version === null ? t("publish.first") : t("publish.next", { version })}
      width="normal"
      actions={
        <Button tone="primary" busy={publish.isPending} onClick={() => void go()}>
          {t("publish.action")}
        </Button>
      }
    >
      <div className="grid gap-4">
        <Field label={t("publish.note")} aside={t("form.optional")}>
          {(ids) => (
            <Textarea
              {...ids}
              rows={2}
              maxLength={2_000}
              placeholder={t("publish.notePlaceholder")}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        {publish.error && <ErrorState error={publish.error} />}
        {version !== null && (
          <section aria-label={t("publish.changes")} className="grid gap-2">
            <h3 className="font-medium text-xs">{t("publish.changes")}</h3>
            {published.data ? (
              <ComparisonView comparison={compareGraphs(published.data, graph)} />
            ) : (
              <Skeleton className="h-16 w-full" />
            )}
          </section>
        )}
      </div>
    </Dialog>
  );
}
