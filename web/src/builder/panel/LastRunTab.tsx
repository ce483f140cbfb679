// How the node went in the execution that is shown: state, error with its cause and remedy, data in and out; and the
// data that stands in for it in trials.

import type { Json } from "@auraos/kernel";
import { Pin, PinOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/useFormat.ts";
import { Button } from "../../ui/Button.tsx";
import { Select } from "../../ui/Select.tsx";
import { Status, type StatusName } from "../../ui/Status.tsx";
import { JsonEditor } from "../code/JsonEditor.tsx";
import { useNodeItems } from "../data/useNodeItems.ts";
import type { NodeDefinition } from "../graph/graph.ts";
import { setNode } from "../graph/nodes.ts";
import { FailureCard } from "../run/FailureCard.tsx";
import type { NodeRun } from "../run/nodeStates.ts";
import { RunData } from "../run/RunData.tsx";
import { useRun } from "../run/useRun.ts";
import { isEnded } from "../run/useShownExecution.ts";
import { useBuilder } from "../state/BuilderContext.tsx";

export function LastRunTab({ node }: { node: NodeDefinition }) {
  const { t } = useTranslation("builder");
  const format = useFormat();
  const { execution } = useRun();
  const runs = execution?.timeline.filter((run) => run.node === node.id) ?? [];
  const [chosen, setChosen] = useState<string>();
  const run =
    runs.find((one) => one.run === chosen) ?? runs.findLast((one) => one.status === "failed") ?? runs.at(-1);
  return (
    <div className="grid gap-3">
      <PinnedData node={node} run={run} execution={execution?.id} />
      {!run && (
        <p className="text-muted text-sm">{execution ? t("lastRun.notReached") : t("lastRun.none")}</p>
      )}
      {runs.length > 1 && (
        <Select
          aria-label={t("lastRun.which")}
          value={run?.run ?? ""}
          onChange={setChosen}
          options={runs.map((one, index) => ({
            value: one.run,
            label: `${format.number(index + 1)} · ${one.run}`,
          }))}
        />
      )}
      {run && execution && (
        <>
          <div className="flex flex-wrap items-center gap-2 text-muted text-xs">
            <Status status={run.status as StatusName} />
            {run.durationMs !== null && <span>{format.duration(run.durationMs)}</span>}
            {run.attempts > 1 && <span>{t("lastRun.attempts", { count: run.attempts })}</span>}
            {run.why && <span>{t(`lastRun.why.${run.why}`, { defaultValue: run.why })}</span>}
          </div>
          {(run.failure ?? run.handled) && (
            <FailureCard failure={run.failure ?? run.handled} node={node.id} />
          )}
          <RunData execution={execution.id} run={run} isEnded={isEnded(execution)} look="tree" />
        </>
      )}
    </div>
  );
}

type PinnedProps = { node: NodeDefinition; run: NodeRun | undefined; execution: string | undefined };

function PinnedData({ node, run, execution }: PinnedProps) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const port = Object.keys(run?.itemsOut ?? {}).find((one) => (run?.itemsOut[one] ?? 0) > 0);
  const address =
    execution && run && port !== undefined
      ? { execution, run: run.run, side: "out" as const, port }
      : undefined;
  const items = useNodeItems(address, true).data?.pages[0]?.items;
  const pin = (pinned: Json[] | undefined) =>
    builder.edit("pin", (before) => setNode(before, node.id, { pinned }), `pin ${node.id}`);
  if (node.pinned)
    return (
      <div className="grid gap-2 rounded-md border border-accent/40 bg-accent-soft p-3">
        <p className="text-accent-text text-xs">{t("pin.active")}</p>
        <JsonEditor
          label={t("pin.label")}
          value={node.pinned}
          onChange={(next) => Array.isArray(next) && pin(next)}
        />
        <Button size="small" className="justify-self-start" onClick={() => pin(undefined)}>
          <PinOff aria-hidden className="size-3.5" />
          {t("pin.remove")}
        </Button>
      </div>
    );
  return (
    <Button
      size="small"
      className="justify-self-start"
      onClick={() => pin(items?.map(({ json }) => (json ?? null) as Json) ?? [{}])}
    >
      <Pin aria-hidden className="size-3.5" />
      {items ? t("pin.output") : t("pin.byHand")}
    </Button>
  );
}
