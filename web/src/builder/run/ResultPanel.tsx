// Under the canvas: how the trial went as a whole, and the data of the node that is open.
import { ChevronDown, ChevronUp, ExternalLink, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useControlExecution } from "../../api/executions.ts";
import { useFormat } from "../../i18n/useFormat.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { JsonTree } from "../../ui/JsonTree.tsx";
import { Status, type StatusName } from "../../ui/Status.tsx";
import { findNode, nameOf } from "../graph/graph.ts";
import { useBuilder, useBuilderState, useGraph } from "../state/BuilderContext.tsx";
import { FailureCard } from "./FailureCard.tsx";
import type { Execution } from "./nodeStates.ts";
import { RunData } from "./RunData.tsx";
import { useNodeStates } from "./useNodeStates.ts";
import { useRun } from "./useRun.ts";
import { isEnded } from "./useShownExecution.ts";

export function ResultPanel() {
  const { execution } = useRun();
  const id = useBuilderState((state) => state.executionId);
  return id !== null && execution ? <Panel execution={execution} /> : null;
}

function Panel({ execution }: { execution: Execution }) {
  const { t } = useTranslation("builder");
  const format = useFormat();
  const builder = useBuilder();
  const graph = useGraph();
  const states = useNodeStates();
  const control = useControlExecution();
  const [isOpen, setIsOpen] = useState(true);
  const openNode = useBuilderState((state) => state.openNode);
  const node = openNode === null ? undefined : findNode(graph, openNode);
  const state = node ? states.get(node.id) : undefined;
  return (
    <section
      aria-label={t("result.label")}
      className={`flex shrink-0 flex-col border-line border-t bg-panel ${isOpen ? "h-[34%] min-h-44" : ""}`}
    >
      <div className="flex min-h-10 items-center gap-2.5 border-line border-b ps-4 pe-2">
        <h2 className="truncate font-medium text-sm">{node ? nameOf(node) : t("result.title")}</h2>
        <span role="status" className="flex items-center">
          {(!node || state) && <Status status={(state ? state.status : execution.status) as StatusName} />}
        </span>
        <span className="hidden text-muted text-xs sm:inline">
          {format.clock(Date.parse(execution.startedAt))}
          {execution.durationMs !== null && ` · ${format.duration(execution.durationMs)}`}
        </span>
        <span className="flex-1" />
        {!isEnded(execution) && (
          <Button size="small" onClick={() => control.mutate({ id: execution.id, control: "cancel" })}>
            {t("run.cancel")}
          </Button>
        )}
        <Button asChild tone="quiet" size="small">
          <Link to={paths.execution(execution.id)}>
            <ExternalLink aria-hidden className="size-3.5" />
            <span className="max-sm:sr-only">{t("result.open")}</span>
          </Link>
        </Button>
        <IconButton
          icon={isOpen ? ChevronDown : ChevronUp}
          size="small"
          label={t(isOpen ? "result.fold" : "result.unfold")}
          onClick={() => setIsOpen(!isOpen)}
        />
        <IconButton
          icon={X}
          size="small"
          label={t("result.close")}
          onClick={() => builder.set({ executionId: null })}
        />
      </div>
      {isOpen && (
        <div className="flex min-h-0 flex-1 flex-col overflow-auto px-4 py-3">
          {node ? (
            state ? (
              <div className="flex min-h-0 flex-1 flex-col gap-3">
                {(state.last.failure ?? state.last.handled) && (
                  <FailureCard failure={state.last.failure ?? state.last.handled} node={node.id} />
                )}
                <RunData
                  key={state.last.run}
                  execution={execution.id}
                  run={state.last}
                  isEnded={isEnded(execution)}
                  look="table"
                />
              </div>
            ) : (
              <p className="text-muted text-sm">{t("lastRun.notReached")}</p>
            )
          ) : (
            <Whole execution={execution} />
          )}
        </div>
      )}
    </section>
  );
}

function Whole({ execution }: { execution: Execution }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const { failure } = execution;
  const failed =
    execution.timeline.find((run) => run.run === failure?.run)?.node ?? failure?.run?.split("/").at(-1);
  if (failure)
    return (
      <FailureCard
        failure={failure}
        node={failed ?? ""}
        actions={
          failed !== undefined && (
            <Button size="small" onClick={() => builder.open(failed, "lastRun")}>
              {t("result.toNode")}
            </Button>
          )
        }
      />
    );
  if (!isEnded(execution)) return <p className="text-muted text-sm">{t("result.running")}</p>;
  return (
    <div className="grid gap-1">
      <p className="text-muted text-xs">{t("result.output")}</p>
      <JsonTree value={execution.output ?? null} openDepth={3} />
    </div>
  );
}
