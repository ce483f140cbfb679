// Says how an execution ended that a person started here, wherever they are by then; the toast is also spoken.
import type { ExecutionStatus } from "@auraos/contract";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { subscribeLive } from "../live/liveConnection.ts";
import { paths } from "../paths.ts";
import { toast } from "../ui/toasts.ts";

const ended: readonly ExecutionStatus[] = ["succeeded", "failed", "cancelled", "terminated"];

export function useTellEnd(): (executionId: string, workflowName: string) => void {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();

  return (id, name) => {
    const end = subscribeLive({ to: "execution", id }, (message) => {
      const status = message.type === "turn" ? message.turn.status : message.state.executions[0]?.status;
      if (status === undefined || !ended.includes(status)) return;
      end();
      const look = { label: t("run.look"), onAct: () => void navigate(paths.execution(id)) };
      if (status === "succeeded") toast.success(t("ended.succeeded", { name }), { action: look });
      else toast.failure(t(`ended.${status}`, { name }), { action: look });
    });
  };
}
