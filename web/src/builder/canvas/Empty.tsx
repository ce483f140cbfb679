// An empty canvas says how a workflow begins, and offers it.
import { LayoutTemplate, Plus, Upload } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { useDialogs } from "../header/dialogs.ts";
import { firstSentenceOf } from "../palette/firstSentenceOf.ts";
import { usePalette } from "../palette/usePalette.ts";
import { useParts } from "../state/BuilderContext.tsx";
import { iconOf } from "../types/nodeIcons.ts";
import { tintOf } from "../types/tintOf.ts";
import { addNode } from "./actions.ts";

/** How most workflows begin; the rest is in the palette. */
const usual = ["trigger.manual", "trigger.webhook", "trigger.schedule", "trigger.form"];

export function Empty() {
  const { t } = useTranslation("builder");
  const { builder, catalogue } = useParts();
  const palette = usePalette();
  const dialogs = useDialogs();
  // What was pressed goes with it: the focus would be nowhere, and the keys of the canvas with it.
  useEffect(
    () => () => {
      if (document.activeElement === document.body)
        document.getElementById("builder-canvas")?.focus({ preventScroll: true });
    },
    [],
  );
  if (palette.ask) return null;
  const triggers = usual.flatMap((type) => catalogue.find(type) ?? []);
  return (
    <div className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center p-4">
      <div className="pointer-events-auto grid w-full min-w-0 max-w-md grid-cols-1 gap-3 rounded-xl border border-line-strong bg-panel p-5 shadow-panel">
        <div>
          <h2 className="font-semibold text-base">{t("empty.title")}</h2>
          <p className="mt-1 text-muted text-sm">{t("empty.text")}</p>
        </div>
        <ul className="grid min-w-0 gap-1.5">
          {triggers.map((view) => {
            const Icon = iconOf(view);
            return (
              <li key={view.type} className="min-w-0">
                <button
                  type="button"
                  onClick={() => addNode(builder, catalogue, view, { kind: "at", position: { x: 0, y: 0 } })}
                  className="flex w-full items-center gap-3 rounded-lg border border-line-strong px-3 py-2 text-start hover:border-accent hover:bg-accent-soft"
                >
                  <span className={`grid size-8 shrink-0 place-items-center rounded-md ${tintOf(view)}`}>
                    <Icon aria-hidden className="size-4" strokeWidth={1.75} />
                  </span>
                  <span className="min-w-0">
                    <span className="block font-medium">{view.name}</span>
                    <span className="block truncate text-muted text-xs">
                      {firstSentenceOf(view.description)}
                    </span>
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
        <div className="-ms-2 flex flex-wrap gap-1">
          <Button tone="quiet" size="small" onClick={() => palette.openAnywhere("trigger")}>
            <Plus aria-hidden className="size-4" />
            {t("empty.more")}
          </Button>
          <Button tone="quiet" size="small" onClick={() => dialogs.open("templates")}>
            <LayoutTemplate aria-hidden className="size-4" />
            {t("templates.title")}
          </Button>
          <Button tone="quiet" size="small" onClick={() => dialogs.open("import")}>
            <Upload aria-hidden className="size-4" />
            {t("import.title")}
          </Button>
        </div>
      </div>
    </div>
  );
}
