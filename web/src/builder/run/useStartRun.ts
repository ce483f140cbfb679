// Starts the draft, in mode test: it is stored first, so that what runs is what is seen.
import type { Json } from "@auraos/kernel";
import { useTranslation } from "react-i18next";
import { useStartExecution } from "../../api/executions.ts";
import { newRequestKey } from "../../api/newRequestKey.ts";
import { describeError } from "../../ui/describeError.ts";
import { toast } from "../../ui/toasts.ts";
import { useBuilder, useCatalogue } from "../state/BuilderContext.tsx";
import { graphOf } from "../state/store.ts";
import { exampleInput, recallInput, rememberInput, triggersOf } from "./runInput.ts";
import type { Run } from "./useRun.ts";

export function useStartRun(saveNow: () => Promise<void>): Pick<Run, "isStarting" | "start"> {
  const { t } = useTranslation(["builder", "ui"]);
  const builder = useBuilder();
  const catalogue = useCatalogue();
  const execute = useStartExecution();

  const start: Run["start"] = async (given) => {
    const { workflowId } = builder.get();
    const trigger = given?.trigger ?? triggersOf(graphOf(builder.get()), catalogue)[0]?.id;
    const input = given
      ? given.value
      : (recallInput(workflowId) ?? exampleInput(graphOf(builder.get()), trigger));
    if (given) rememberInput(workflowId, given.value);
    await saveNow();
    if (builder.get().saving === "conflict") return;
    try {
      const { id } = await execute.mutateAsync({
        workflow: workflowId,
        draft: true,
        trigger,
        requestKey: newRequestKey(),
        ...(input === undefined ? {} : { input: input as Json }),
      });
      builder.set({ executionId: id });
    } catch (error) {
      const { title, remedy } = describeError(error, t);
      toast.failure(title, { detail: remedy });
    }
  };

  return { isStarting: execute.isPending, start };
}
