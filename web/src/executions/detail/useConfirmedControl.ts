// Cancel and terminate ask first, pause and resume do not; all of them say when they were taken in or refused.
import { useTranslation } from "react-i18next";
import { type Control, useControlExecution } from "../../api/executions.ts";
import { confirm } from "../../ui/confirmations.ts";
import { toast } from "../../ui/toasts.ts";
import { useTellFailure } from "../../ui/useTellFailure.ts";

type Asked = Exclude<Control, "retry">;

export function useConfirmedControl(): (id: string, what: Asked) => Promise<void> {
  const { t } = useTranslation("executions");
  const { mutateAsync } = useControlExecution();
  const tellFailure = useTellFailure();
  return async (id, what) => {
    if (what === "cancel" || what === "terminate") {
      const isSure = await confirm({
        title: t(`control.${what}.title`),
        description: t(`control.${what}.text`),
        action: t(`control.${what}.action`),
        danger: true,
      });
      if (!isSure) return;
    }
    await mutateAsync({ id, control: what }).then(
      () => toast.success(t(`control.${what}.done`)),
      tellFailure,
    );
  };
}
