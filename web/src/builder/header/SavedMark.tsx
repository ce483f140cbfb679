// Whether the work is kept. Nothing has to be pressed; what failed says so and can be tried at once.
import {
  Ban,
  Check,
  CircleDashed,
  CloudOff,
  LoaderCircle,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { classes } from "../../ui/classes.ts";
import { type Tone, toneLooks } from "../../ui/Status.tsx";
import { useBuilderState } from "../state/BuilderContext.tsx";
import type { Saving } from "../state/store.ts";
import { useDialogs } from "./dialogs.ts";

const looks: Record<Saving, { icon: LucideIcon; tone: Tone }> = {
  saved: { icon: Check, tone: "quiet" },
  unsaved: { icon: CircleDashed, tone: "quiet" },
  saving: { icon: LoaderCircle, tone: "quiet" },
  failed: { icon: CloudOff, tone: "fail" },
  refused: { icon: Ban, tone: "fail" },
  conflict: { icon: TriangleAlert, tone: "wait" },
};

export function SavedMark({ saveNow }: { saveNow(): Promise<void> }) {
  const { t } = useTranslation("builder");
  const dialogs = useDialogs();
  const saving = useBuilderState((state) => state.saving);
  const { icon: Icon, tone } = looks[saving];
  const look = classes(
    "inline-flex h-6 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-full px-2 text-xs",
    toneLooks[tone],
  );
  const inside = (
    <>
      <Icon aria-hidden className={classes("size-3.5", saving === "saving" && "animate-turn")} />
      <span className="max-sm:sr-only">{t(`saving.${saving}`)}</span>
    </>
  );
  const act = saving === "conflict" ? () => dialogs.open("conflict") : saveNow;
  if (saving !== "failed" && saving !== "refused" && saving !== "conflict")
    return (
      <span role="status" className={look}>
        {inside}
      </span>
    );
  return (
    <button type="button" onClick={() => void act()} className={look}>
      {inside}
    </button>
  );
}
