// Does `first`; refused because effects that succeeded would be repeated (EFFECTS_DONE), asks the person, and on yes
// runs again with their consent. Undefined when the person thought better of it.
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/apiError.ts";
import { type Rerun, useRerun } from "../../api/executions.ts";
import { confirm } from "../../ui/confirmations.ts";

type Started = { id: string };

export function useConfirmedRerun() {
  const { t } = useTranslation("executions");
  const { mutateAsync } = useRerun();
  return async (
    first: () => Promise<Started | { id: string }>,
    again: Rerun,
  ): Promise<Started | undefined> => {
    try {
      return await first();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "EFFECTS_DONE") throw error;
      const isSure = await confirm({
        title: t("rerun.effects.title"),
        description: `${error.message} ${t("rerun.effects.text")}`,
        action: t("rerun.effects.action"),
        danger: true,
      });
      return isSure ? mutateAsync({ ...again, repeatEffects: true }) : undefined;
    }
  };
}
