// The dialogs of the builder; only the one that is open exists. Those with forms and editors are loaded when they are
// needed.
import { lazy, Suspense, useState } from "react";
import { useBuilderState } from "../state/BuilderContext.tsx";
import type { Workflow } from "../state/startBuilder.ts";
import { ConflictDialog } from "../versions/ConflictDialog.tsx";
import { PublishDialog } from "../versions/PublishDialog.tsx";
import { VersionsSheet } from "../versions/VersionsSheet.tsx";
import { useDialogs } from "./dialogs.ts";
import { FindDialog } from "./FindDialog.tsx";
import { ImportDialog } from "./ImportDialog.tsx";
import { TemplatesDialog } from "./TemplatesDialog.tsx";

const SettingsDialog = lazy(async () => ({ default: (await import("./SettingsDialog.tsx")).SettingsDialog }));
const RunDialog = lazy(async () => ({ default: (await import("./RunDialog.tsx")).RunDialog }));

export function BuilderDialogs({ workflow, saveNow }: { workflow: Workflow; saveNow(): Promise<void> }) {
  const { dialog, close } = useDialogs();
  const isConflict = useBuilderState((state) => state.saving === "conflict");
  return (
    <>
      {isConflict && <Conflict saveNow={saveNow} />}
      {dialog === "publish" && <PublishDialog workflow={workflow} saveNow={saveNow} onClose={close} />}
      {dialog === "versions" && <VersionsSheet onClose={close} />}
      {dialog === "import" && <ImportDialog onClose={close} />}
      {dialog === "templates" && <TemplatesDialog onClose={close} />}
      <Suspense>
        {dialog === "settings" && <SettingsDialog onClose={close} />}
        {dialog === "run" && <RunDialog onClose={close} />}
      </Suspense>
      {dialog === "find" && <FindDialog onClose={close} />}
    </>
  );
}

/** Opens by itself; whoever wants to look at the canvas first comes back to it with the mark in the header. */
function Conflict({ saveNow }: { saveNow(): Promise<void> }) {
  const { dialog, close } = useDialogs();
  const [isPutOff, setIsPutOff] = useState(false);
  if (isPutOff && dialog !== "conflict") return null;
  const later = () => {
    setIsPutOff(true);
    close();
  };
  return <ConflictDialog saveNow={saveNow} onLater={later} />;
}
