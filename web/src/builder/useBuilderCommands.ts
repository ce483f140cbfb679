// Commands of the builder: in the palette of the app (Mod+K), in the sheet of shortcuts (?), and by key.
import { useReactFlow } from "@xyflow/react";
import {
  CircleAlert,
  History,
  Maximize,
  Play,
  Redo2,
  Save,
  Search,
  Undo2,
  Upload,
  Workflow,
} from "lucide-react";
import { useEffect, useEffectEvent, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Command, useCommands } from "../shell/commands.ts";
import { toast } from "../ui/toasts.ts";
import { arrangeAll, copySelected, pasteText, removeSelected } from "./canvas/actions.ts";
import { fitOptions } from "./canvas/fitOptions.ts";
import { useDialogs } from "./header/dialogs.ts";
import { useRun } from "./run/useRun.ts";
import { useParts } from "./state/BuilderContext.tsx";

export function useBuilderCommands(saveNow: () => Promise<void>): void {
  const { t } = useTranslation("builder");
  const { builder, catalogue } = useParts();
  const flow = useReactFlow();
  const dialogs = useDialogs();
  const run = useRun();
  const { open } = dialogs;
  const { start } = run;

  const commands = useMemo((): Command[] => {
    const page = (
      id: string,
      label: string,
      icon: Command["icon"],
      act: () => void,
      keys?: string,
    ): Command => ({
      id: `builder.${id}`,
      label,
      group: "page",
      run: act,
      ...(icon ? { icon } : {}),
      ...(keys ? { keys } : {}),
    });
    return [
      page("run", t("run.run"), Play, () => void start(), "Mod+Enter"),
      page("runWith", t("run.withInput"), Play, () => open("run"), "Mod+Shift+Enter"),
      page("save", t("save"), Save, () => void saveNow(), "Mod+S"),
      page("undo", t("toolbar.undo"), Undo2, builder.undo, "Mod+Z"),
      page("redo", t("toolbar.redo"), Redo2, builder.redo, "Mod+Y"),
      page("redo2", t("toolbar.redo"), Redo2, builder.redo, "Mod+Shift+Z"),
      page("fit", t("toolbar.fit"), Maximize, () => void flow.fitView({ ...fitOptions, duration: 180 }), "1"),
      page("find", t("toolbar.find"), Search, () => open("find"), "Mod+F"),
      page("arrange", t("toolbar.arrange"), Workflow, () => void arrangeAll(builder, catalogue)),
      page("publish", t("publish.title"), Upload, () => open("publish"), "Mod+Shift+P"),
      page("versions", t("versions.title"), History, () => open("versions")),
      page("import", t("import.title"), CircleAlert, () => open("import")),
    ];
  }, [t, builder, catalogue, flow, open, start, saveNow]);
  useCommands(commands);

  const onCopy = useEffectEvent((event: ClipboardEvent, isCut: boolean) => {
    if (isElsewhere(event)) return;
    const text = copySelected(builder);
    if (text === undefined) return;
    event.preventDefault();
    event.clipboardData?.setData("text/plain", text);
    if (isCut) removeSelected(builder);
  });
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    if (isElsewhere(event)) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const pane = document.getElementById("builder-canvas")?.getBoundingClientRect();
    if (text === "" || !pane) return;
    event.preventDefault();
    const at = flow.screenToFlowPosition({ x: pane.left + pane.width / 3, y: pane.top + pane.height / 3 });
    if (!pasteText(builder, text, at)) toast.info(t("paste.nothing"));
  });

  // The clipboard speaks to the document.
  useEffect(() => {
    const copy = (event: ClipboardEvent) => onCopy(event, false);
    const cut = (event: ClipboardEvent) => onCopy(event, true);
    const paste = (event: ClipboardEvent) => onPaste(event);
    document.addEventListener("copy", copy);
    document.addEventListener("cut", cut);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", cut);
      document.removeEventListener("paste", paste);
    };
  }, []);
}

/** In a field, in a dialog, or with text selected, copying means that text. */
function isElsewhere(event: ClipboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("input, textarea, [contenteditable=true], [role=dialog]")) return true;
  return event.type !== "paste" && getSelection()?.isCollapsed === false;
}
