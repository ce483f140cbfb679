// Deletes a workflow after asking; when executions are still open the server refuses, and the question is asked again
// with what it would mean.
import type { WorkflowSummary } from "@auraos/contract";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/apiError.ts";
import { useDeleteWorkflow } from "../api/workflows.ts";
import { confirm } from "../ui/confirmations.ts";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";

export function useConfirmedDelete(): (workflow: WorkflowSummary) => Promise<void> {
  const { t } = useTranslation("workflows");
  const { mutateAsync: remove } = useDeleteWorkflow();
  const tellFailure = useTellFailure();

  return async ({ id, name }) => {
    const question = { title: t("delete.title", { name }), action: t("delete.action"), danger: true };
    if (!(await confirm({ ...question, description: t("delete.text") }))) return;
    try {
      await remove({ id, force: false }).catch(async (error: unknown) => {
        if (!(error instanceof ApiError) || error.status !== 409) throw error;
        const isSure = await confirm({
          ...question,
          description: t("delete.openText"),
          action: t("delete.openAction"),
        });
        if (!isSure) throw new Stay();
        await remove({ id, force: true });
      });
      toast.success(t("delete.done", { name }));
    } catch (error) {
      if (!(error instanceof Stay)) tellFailure(error);
    }
  };
}

/** The person thought better of it. */
class Stay extends Error {}
