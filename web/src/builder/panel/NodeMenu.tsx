// What can be done with one node.
import { ArrowUpFromLine, CircleSlash2, Copy, FastForward, MoreHorizontal, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton.tsx";
import { Menu, type MenuEntry } from "../../ui/Menu.tsx";
import { duplicateSelected, removeSelected, toggleDisabled } from "../canvas/actions.ts";
import { findNode, frameOf, type NodeDefinition, type Point } from "../graph/graph.ts";
import { moveToFrame } from "../graph/nodes.ts";
import { useRun } from "../run/useRun.ts";
import { useBuilder, useCatalogue, useGraph } from "../state/BuilderContext.tsx";

export function NodeMenu({ node }: { node: NodeDefinition }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const graph = useGraph();
  const run = useRun();
  const isTrigger = useCatalogue().find(node.type)?.structure === "trigger";
  const parent = node.parent === undefined ? undefined : findNode(graph, node.parent);
  const withThis = (act: () => void) => () => {
    builder.set({ selection: new Set([node.id]), wires: new Set() });
    act();
  };
  const moveOut: MenuEntry[] = parent
    ? [
        {
          label: t("panel.moveOut"),
          icon: ArrowUpFromLine,
          onSelect: () => {
            const at: Point = { x: parent.position?.x ?? 0, y: (parent.position?.y ?? 0) - 96 };
            builder.edit("moveOut", (before) =>
              moveToFrame(before, new Map([[node.id, at]]), frameOf(parent)),
            );
          },
        },
      ]
    : [];
  return (
    <Menu
      trigger={<IconButton icon={MoreHorizontal} size="small" label={t("panel.actions")} />}
      entries={[
        ...(isTrigger
          ? []
          : [
              {
                label: t("run.fromHere"),
                icon: FastForward,
                onSelect: () => void run.startAt(node.id, "onwards"),
              },
              "separator" as const,
            ]),
        {
          label: t("selection.duplicate"),
          icon: Copy,
          keys: "Mod+D",
          onSelect: withThis(() => duplicateSelected(builder)),
        },
        {
          label: node.disabled ? t("panel.enable") : t("panel.disable"),
          icon: CircleSlash2,
          keys: "X",
          onSelect: withThis(() => toggleDisabled(builder)),
        },
        ...moveOut,
        "separator",
        {
          label: t("selection.remove"),
          icon: Trash2,
          keys: "Delete",
          danger: true,
          onSelect: withThis(() => removeSelected(builder)),
        },
      ]}
    />
  );
}
