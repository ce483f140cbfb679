// A node on the canvas: what it is, what it does, how it went.
import type { NodeProps } from "@xyflow/react";
import { NotebookPen, Pin, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../../ui/classes.ts";
import { nameOf } from "../graph/graph.ts";
import { iconOf } from "../types/nodeIcons.ts";
import { summaryOf } from "../types/summary.ts";
import { tintOf } from "../types/tintOf.ts";
import type { StepNode } from "./flow.ts";
import { NodeStateBadge } from "./NodeStateBadge.tsx";
import { HangingPort, Hooks, Inputs, Ports } from "./Sockets.tsx";

export const StepCard = memo(function StepCard({ data, selected }: NodeProps<StepNode>) {
  const { node, view, box, inputs, ports, hooks, isAttachment, state, problems } = data;
  const { t } = useTranslation("builder");
  const Icon = iconOf(view);
  const kind = view && view.name !== nameOf(node) ? view.name : (view?.description ?? node.type);
  const summary = summaryOf(node.type, node.config) || kind;
  return (
    <div
      style={{ width: box.width, height: box.height }}
      className={classes(
        "step-card flex items-center gap-2.5 border bg-panel px-2.5 shadow-panel",
        isAttachment ? "rounded-full" : "rounded-lg",
        selected ? "border-accent ring-3 ring-accent-soft" : lookOf(state?.status),
        view?.category === "trigger" && "border-s-3 border-s-accent",
        node.disabled && "border-dashed opacity-60",
      )}
    >
      <span className={classes("grid size-[30px] shrink-0 place-items-center rounded-[7px]", tintOf(view))}>
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold leading-[1.3]">{nameOf(node)}</span>
        {!isAttachment && <span className="far-hidden block truncate text-2xs text-muted">{summary}</span>}
      </span>
      <span className="flex shrink-0 items-center gap-1 self-start pt-2">
        {node.notes && (
          <NotebookPen role="img" aria-label={t("canvas.hasNotes")} className="size-3 text-faint" />
        )}
        {node.pinned && (
          <Pin role="img" aria-label={t("canvas.isPinned")} className="size-3 text-accent-text" />
        )}
        {problems > 0 && (
          <TriangleAlert
            role="img"
            aria-label={t("canvas.problems", { count: problems })}
            className="size-4 text-fail"
          />
        )}
        {state && state.status !== "skipped" && <NodeStateBadge state={state} />}
      </span>
      <Inputs inputs={inputs} />
      {isAttachment ? (
        ports.map(({ name }) => <HangingPort key={name} name={name} />)
      ) : (
        <Ports node={node.id} ports={ports} />
      )}
      <Hooks node={node.id} hooks={hooks} height={box.height} />
    </div>
  );
});

function lookOf(status: string | undefined): string {
  if (status === "failed") return "border-fail-fill";
  if (status === "running") return "border-run-fill";
  if (status === "waiting" || status === "parked") return "border-wait-fill";
  return "border-line-strong";
}
