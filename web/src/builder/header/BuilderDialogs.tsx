// The dialogs of the builder; only the one that is open exists.

import { useBuilderState } from "../state/BuilderContext.tsx";
import type { Workflow } from "../state/startBuilder.ts";
import { ConflictDialog } from "../versions/ConflictDialog.tsx";
import { PublishDialog } from "../versions/PublishDialog.tsx";
import { VersionsSheet } from "../versions/VersionsSheet.tsx";
import { useDialogs } from "./dialogs.ts";
import { FindDialog } from "./FindDialog.tsx";
import { ImportDialog } from "./ImportDialog.tsx";
import { RunDialog } from "./RunDialog.tsx";
import { SettingsDialog } from "./SettingsDialog.tsx";
import { TemplatesDialog } from "./TemplatesDialog.tsx";

export function BuilderDialogs({ workflow, saveNow }: { workflow: Workflow; saveNow(): Promise<void> }) {
  const { dialog, close } = useDialogs();
  const isConflict = useBuilderState((state) => state.saving === "conflict");
  return (
    <>
      {isConflict && <ConflictDialog saveNow={saveNow} />}
      {dialog === "publish" && <PublishDialog workflow={workflow} saveNow={saveNow} onClose={close} />}
      {dialog === "versions" && <VersionsSheet onClose={close} />}
      {dialog === "import" && <ImportDialog onClose={close} />}
      {dialog === "templates" && <TemplatesDialog onClose={close} />}
      {dialog === "settings" && <SettingsDialog onClose={close} />}
      {dialog === "run" && <RunDialog onClose={close} />}
      {dialog === "find" && <FindDialog onClose={close} />}
    </>
  );
}
