// Tries again what failed and leads to the new execution. When that would repeat effects that succeeded, the server
// refuses; then the person is asked, with what would be repeated.
import type { Execution } from "@auraos/contract";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useControlExecution } from "../../api/executions.ts";
import { paths } from "../../paths.ts";
import { toast } from "../../ui/toasts.ts";
import { useTellFailure } from "../../ui/useTellFailure.ts";
import { topNodeOf } from "./topNode.ts";
import { useConfirmedRerun } from "./useConfirmedRerun.ts";

export function useRetry(): (execution: Execution) => Promise<void> {
  const { t } = useTranslation("executions");
  const navigate = useNavigate();
  const { mutateAsync } = useControlExecution();
  const rerun = useConfirmedRerun();
  const tellFailure = useTellFailure();
  return async ({ id, failure }) => {
    try {
      const node = topNodeOf(failure?.run);
      const started = await rerun(() => mutateAsync({ id, control: "retry" }), {
        id,
        ...(node === undefined ? {} : { node }),
      });
      if (!started) return;
      toast.success(t("rerun.started"));
      navigate(paths.execution(started.id));
    } catch (error) {
      tellFailure(error);
    }
  };
}
