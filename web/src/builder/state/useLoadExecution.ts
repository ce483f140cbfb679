// ?execution=<id>&load=1: an execution of production is brought here to be corrected. What started it is pinned to the
// trigger (one step, which undo takes back), its data stands on the canvas, and the node that failed is open.
import type { Json } from "@auraos/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { executionQuery } from "../../api/executions.ts";
import { request } from "../../api/request.ts";
import { toast } from "../../ui/toasts.ts";
import { useTellFailure } from "../../ui/useTellFailure.ts";
import { useShowNode } from "../canvas/useShowNode.ts";
import { findNode, nameOf } from "../graph/graph.ts";
import { setNode } from "../graph/nodes.ts";
import type { Execution } from "../run/nodeStates.ts";
import { useParts } from "./BuilderContext.tsx";
import { graphOf } from "./store.ts";

/** More items make a draft that nobody can read. */
const PINNED_MAX = 200;

export function useLoadExecution(): void {
  const { t } = useTranslation("builder");
  const { builder, catalogue } = useParts();
  const client = useQueryClient();
  const showNode = useShowNode();
  const tellFailure = useTellFailure();
  const [search, setSearch] = useSearchParams();

  const load = useEffectEvent(async () => {
    const id = search.get("execution");
    if (id === null || search.get("load") !== "1") return;
    const next = new URLSearchParams(search);
    next.delete("load");
    setSearch(next, { replace: true });
    try {
      const execution = await client.fetchQuery(executionQuery(id));
      const pinned = await pinInput(execution);
      openFailed(execution);
      toast.success(t("load.done"), {
        detail: pinned === undefined ? t("load.tooBig") : t("load.pinned", { name: pinned }),
      });
    } catch (error) {
      tellFailure(error);
    }
  });

  /** Gives the name of the trigger that holds the input now. */
  const pinInput = async (execution: Execution): Promise<string | undefined> => {
    const run = execution.timeline.find(
      (one) => catalogue.find(one.type)?.structure === "trigger" && one.status === "succeeded",
    );
    const trigger = run && findNode(graphOf(builder.get()), run.node);
    if (!run || !trigger) return undefined;
    const data = await request("get /api/v1/executions/:id/runs/:run/data", {
      params: { id: execution.id, run: run.run },
      query: { side: "out", limit: PINNED_MAX },
    });
    if (data.next !== undefined || data.gone) return undefined;
    const items = data.items.map(({ json }) => (json ?? null) as Json);
    builder.edit("load", (graph) => setNode(graph, trigger.id, { pinned: items }));
    return nameOf(trigger);
  };

  const openFailed = ({ timeline }: Execution) => {
    const failed = timeline.findLast(({ status }) => status === "failed" || status === "parked")?.node;
    if (failed === undefined || !findNode(graphOf(builder.get()), failed)) return;
    builder.open(failed, "lastRun");
    requestAnimationFrame(() => showNode(failed, "gently"));
  };

  // Once, when somebody arrives.
  useEffect(() => void load(), []);
}
