// What can be done with several nodes at once.
import { AlignStartHorizontal, AlignStartVertical, Columns3, Copy, Group, Rows3, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton.tsx";
import { Menu } from "../../ui/Menu.tsx";
import { toast } from "../../ui/toasts.ts";
import { useBuilderState, useParts } from "../state/BuilderContext.tsx";
import { iconOf } from "../types/nodeIcons.ts";
import { isBlock } from "../types/nodeTypes.ts";
import { alignSelected, duplicateSelected, groupSelected, removeSelected } from "./actions.ts";

export function SelectionBar() {
  const { t } = useTranslation("builder");
  const { builder, catalogue } = useParts();
  const count = useBuilderState((state) => state.selection.size);
  if (count < 2) return null;
  const blocks = catalogue.list.filter(isBlock);
  return (
    <div
      role="toolbar"
      aria-label={t("selection.label")}
      className="absolute top-3 left-1/2 z-10 flex -translate-x-1/2 animate-fade items-center gap-0.5 rounded-lg border border-line-strong bg-panel p-1 shadow-panel"
    >
      <span className="px-2 text-muted text-xs">{t("canvas.selected", { count })}</span>
      <IconButton
        icon={AlignStartVertical}
        label={t("selection.left")}
        size="small"
        onClick={() => alignSelected(builder, "left")}
      />
      <IconButton
        icon={AlignStartHorizontal}
        label={t("selection.top")}
        size="small"
        onClick={() => alignSelected(builder, "top")}
      />
      <IconButton
        icon={Columns3}
        label={t("selection.row")}
        size="small"
        onClick={() => alignSelected(builder, "row")}
      />
      <IconButton
        icon={Rows3}
        label={t("selection.column")}
        size="small"
        onClick={() => alignSelected(builder, "column")}
      />
      <Menu
        align="start"
        trigger={<IconButton icon={Group} label={t("selection.group")} size="small" />}
        entries={blocks.map((view) => ({
          label: view.name,
          icon: iconOf(view),
          onSelect: () => {
            if (!groupSelected(builder, catalogue, view)) toast.info(t("selection.notTogether"));
          },
        }))}
      />
      <IconButton
        icon={Copy}
        label={t("selection.duplicate")}
        hint="Mod+D"
        size="small"
        onClick={() => duplicateSelected(builder)}
      />
      <IconButton
        icon={Trash2}
        label={t("selection.remove")}
        hint="Delete"
        size="small"
        onClick={() => removeSelected(builder)}
      />
    </div>
  );
}
