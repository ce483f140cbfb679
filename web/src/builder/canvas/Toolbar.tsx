// Tools of the canvas, at its lower edge.
import { useReactFlow } from "@xyflow/react";
import { Maximize, Plus, Redo2, Search, StickyNote, Undo2, Workflow, ZoomIn, ZoomOut } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton.tsx";
import { useDialogs } from "../header/dialogs.ts";
import { usePalette } from "../palette/usePalette.ts";
import { useBuilderState, useParts } from "../state/BuilderContext.tsx";
import { addNoteAt, arrangeAll } from "./actions.ts";
import { fitOptions } from "./fitOptions.ts";

export function Toolbar() {
  const { t } = useTranslation("builder");
  const { builder, catalogue } = useParts();
  const flow = useReactFlow();
  const palette = usePalette();
  const dialogs = useDialogs();
  const [isArranging, setIsArranging] = useState(false);
  const canUndo = useBuilderState((state) => state.history.done > 0);
  const canRedo = useBuilderState((state) => state.history.done < state.history.steps.length);

  const arrange = async () => {
    setIsArranging(true);
    await arrangeAll(builder, catalogue).finally(() => setIsArranging(false));
    void flow.fitView({ ...fitOptions, duration: 180 });
  };
  const note = () => {
    const pane = document.getElementById("builder-canvas")?.getBoundingClientRect();
    if (pane)
      addNoteAt(
        builder,
        flow.screenToFlowPosition({ x: pane.left + pane.width / 2 - 112, y: pane.top + 80 }),
      );
  };

  return (
    <div
      role="toolbar"
      aria-label={t("toolbar.label")}
      className="absolute bottom-3 left-3 z-10 flex items-center gap-0.5 rounded-lg border border-line-strong bg-panel p-1 shadow-panel"
    >
      <IconButton
        icon={Plus}
        label={t("toolbar.add")}
        hint="/"
        size="small"
        onClick={() => palette.openAnywhere()}
      />
      <IconButton
        icon={StickyNote}
        label={t("toolbar.note")}
        size="small"
        onClick={note}
        className="max-sm:hidden"
      />
      <Divider />
      <IconButton
        icon={Undo2}
        label={t("toolbar.undo")}
        hint="Mod+Z"
        size="small"
        disabled={!canUndo}
        onClick={builder.undo}
        mirrored
      />
      <IconButton
        icon={Redo2}
        label={t("toolbar.redo")}
        hint="Mod+Y"
        size="small"
        disabled={!canRedo}
        onClick={builder.redo}
        mirrored
      />
      <Divider />
      <IconButton
        icon={ZoomOut}
        label={t("toolbar.zoomOut")}
        size="small"
        onClick={() => void flow.zoomOut({ duration: 120 })}
        className="max-sm:hidden"
      />
      <IconButton
        icon={ZoomIn}
        label={t("toolbar.zoomIn")}
        size="small"
        onClick={() => void flow.zoomIn({ duration: 120 })}
        className="max-sm:hidden"
      />
      <IconButton
        icon={Maximize}
        label={t("toolbar.fit")}
        hint="1"
        size="small"
        onClick={() => void flow.fitView({ ...fitOptions, duration: 180 })}
      />
      <IconButton
        icon={Workflow}
        label={t("toolbar.arrange")}
        size="small"
        disabled={isArranging}
        onClick={() => void arrange()}
        className="max-sm:hidden"
      />
      <IconButton
        icon={Search}
        label={t("toolbar.find")}
        hint="Mod+F"
        size="small"
        onClick={() => dialogs.open("find")}
      />
    </div>
  );
}

function Divider() {
  return <span aria-hidden className="mx-1 h-4 w-px bg-line" />;
}
