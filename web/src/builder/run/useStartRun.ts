// Starts the draft, or a part of it, in mode test: it is stored first, so that what runs is what is seen.
import type { Json } from "@auraos/kernel";
import { useTranslation } from "react-i18next";
import { useOpenTest, useRerun, useStartExecution } from "../../api/executions.ts";
import { newRequestKey } from "../../api/newRequestKey.ts";
import { describeError } from "../../ui/describeError.ts";
import { toast } from "../../ui/toasts.ts";
import { ancestorsOf } from "../data/useScope.ts";
import { outermostOf } from "../graph/graph.ts";
import { useBuilder, useCatalogue } from "../state/BuilderContext.tsx";
import { graphOf } from "../state/store.ts";
import type { Execution } from "./nodeStates.ts";
import { exampleInput, recallInput, rememberInput, triggersOf } from "./runInput.ts";
import type { Run } from "./useRun.ts";

export function useStartRun(
  saveNow: () => Promise<void>,
  shown: Execution | undefined,
): Omit<Run, "execution"> {
  const { t } = useTranslation(["builder", "ui"]);
  const builder = useBuilder();
  const catalogue = useCatalogue();
  const execute = useStartExecution();
  const rerun = useRerun();
  const openTest = useOpenTest();

  /** Shows what was started; says why it was not. */
  const begin = async (start: () => Promise<{ id: string }>) => {
    await saveNow();
    if (builder.get().saving === "conflict") return;
    try {
      builder.set({ executionId: (await start()).id });
    } catch (error) {
      const { title, remedy } = describeError(error, t);
      toast.failure(title, { detail: remedy });
    }
  };

  const execution = (trigger: string | undefined, input: Json | undefined, target?: string) => () =>
    execute.mutateAsync({
      workflow: builder.get().workflowId,
      draft: true,
      trigger,
      target,
      requestKey: newRequestKey(),
      ...(input === undefined ? {} : { input }),
    });

  const inputFor = (trigger: string | undefined) =>
    recallInput(builder.get().workflowId) ?? exampleInput(graphOf(builder.get()), trigger);

  const start: Run["start"] = async (given) => {
    const trigger = given?.trigger ?? triggersOf(graphOf(builder.get()), catalogue)[0]?.id;
    if (given) rememberInput(builder.get().workflowId, given.value);
    await begin(execution(trigger, given ? given.value : inputFor(trigger)));
  };

  const startTo: Run["startTo"] = async (node) => {
    const graph = graphOf(builder.get());
    const before = new Set(ancestorsOf(graph, node).map(({ id }) => id)).add(node);
    const trigger = triggersOf(graph, catalogue).find(({ id }) => before.has(id))?.id;
    if (trigger === undefined) {
      toast.failure(t("run.noTrigger"), { detail: t("run.noTriggerHelp") });
      return;
    }
    await begin(execution(trigger, inputFor(trigger), node));
  };

  const startAt: Run["startAt"] = async (node, extent) => {
    if (!shown) return startTo(node);
    const top = outermostOf(graphOf(builder.get()), node);
    const target = extent === "alone" ? { target: top } : {};
    // Who presses the button of one step means that it is done again.
    await begin(() =>
      rerun.mutateAsync({ id: shown.id, node: top, draft: true, repeatEffects: true, ...target }),
    );
  };

  const listen: Run["listen"] = async (node) => {
    await saveNow();
    if (builder.get().saving === "conflict") return undefined;
    try {
      const { items, newest } = await openTest.mutateAsync(builder.get().workflowId);
      const found = items.find((one) => one.node === node);
      if (found === undefined) return undefined;
      const { path, methods, expiresAt } = found;
      return { url: window.location.origin + path, methods, expiresAt, newestBefore: newest };
    } catch (error) {
      const { title, remedy } = describeError(error, t);
      toast.failure(title, { detail: remedy });
      return undefined;
    }
  };

  return { isStarting: execute.isPending || rerun.isPending, start, startTo, startAt, listen };
}
