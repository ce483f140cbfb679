// A block: a container with its sections. Its header is what is taken hold of.
import type { NodeProps } from "@xyflow/react";
import { ChevronDown, Plus, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../../ui/classes.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { nameOf } from "../graph/graph.ts";
import { usePalette } from "../palette/usePalette.ts";
import { useBuilder } from "../state/BuilderContext.tsx";
import { iconOf } from "../types/nodeIcons.ts";
import { summaryOf } from "../types/summary.ts";
import { toggleCollapsed } from "./actions.ts";
import type { BlockNode } from "./flow.ts";
import { NodeStateBadge } from "./NodeStateBadge.tsx";
import { Inputs, Ports } from "./Sockets.tsx";

export const BlockFrame = memo(function BlockFrame({ data, selected }: NodeProps<BlockNode>) {
  const { node, view, box, inputs, ports, state, problems } = data;
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const Icon = iconOf(view);
  const summary = summaryOf(node.type, node.config);
  return (
    <div
      style={{ width: box.width, height: box.height }}
      className={classes(
        "block-frame rounded-xl border",
        selected ? "border-accent ring-3 ring-accent-soft" : "border-line-strong",
        node.disabled && "border-dashed opacity-60",
      )}
    >
      <div className="block-header flex h-10 cursor-grab items-center gap-2 ps-4 pe-2 text-accent-text">
        <Icon aria-hidden className="size-4 shrink-0" />
        <span className="truncate font-medium text-xs">{nameOf(node)}</span>
        <span className="min-w-0 flex-1 truncate text-2xs text-muted">{summary}</span>
        {problems > 0 && (
          <TriangleAlert
            role="img"
            aria-label={t("canvas.problems", { count: problems })}
            className="size-4 text-fail"
          />
        )}
        {state && state.status !== "skipped" && <NodeStateBadge state={state} />}
        <IconButton
          icon={ChevronDown}
          label={t("canvas.collapse")}
          size="small"
          tabIndex={-1}
          className="nodrag"
          onClick={() => toggleCollapsed(builder, node.id)}
        />
      </div>
      {box.lanes?.map((lane, index, lanes) => (
        <LaneArea
          key={lane.section}
          node={node.id}
          lane={lane}
          isFirst={index === 0}
          isTitled={lanes.length > 1}
        />
      ))}
      <Inputs inputs={inputs} />
      <Ports node={node.id} ports={ports} />
    </div>
  );
});

type LaneProps = {
  node: string;
  lane: { section: "body" | "catch" | "finally" | "compensation"; y: number; height: number };
  isFirst: boolean;
  isTitled: boolean;
};

function LaneArea({ node, lane, isFirst, isTitled }: LaneProps) {
  const { t } = useTranslation("builder");
  const { openInside } = usePalette();
  return (
    <div
      style={{ top: lane.y, height: lane.height }}
      className={classes("absolute inset-x-0", !isFirst && "border-line-strong border-t border-dashed")}
    >
      <div className="flex items-center justify-between px-4 pt-1 text-2xs text-muted">
        <span>{isTitled ? t(`sections.${lane.section}`) : ""}</span>
      </div>
      <button
        type="button"
        tabIndex={-1}
        aria-label={t("canvas.addInside", { section: t(`sections.${lane.section}`) })}
        onClick={(event) => {
          event.stopPropagation();
          openInside({ parent: node, section: lane.section });
        }}
        className="nodrag nopan absolute end-2 bottom-2 grid size-5 place-items-center rounded-md border border-line-strong bg-panel text-muted hover:border-accent hover:text-accent-text pointer-coarse:size-8"
      >
        <Plus aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}
