// What can be done with an execution: the likeliest as a button, the rest in a menu; all of it in the palette too.
import type { Execution } from "@auraos/contract";
import {
  Ban,
  CirclePause,
  CirclePlay,
  Copy,
  Ellipsis,
  Eye,
  FilePenLine,
  OctagonX,
  PencilRuler,
  Play,
  RotateCcw,
} from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMay } from "../../api/account.ts";
import { loadTexts } from "../../i18n/i18n.ts";
import { paths } from "../../paths.ts";
import { type Command, useCommands } from "../../shell/commands.ts";
import { Button } from "../../ui/Button.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Menu, type MenuEntry } from "../../ui/Menu.tsx";
import { toast } from "../../ui/toasts.ts";
import { executionCan } from "../executionCan.ts";
import { RerunDialog } from "../rerun/RerunDialog.tsx";
import { useRetry } from "../rerun/useRetry.ts";
import { useConfirmedControl } from "./useConfirmedControl.ts";

/** Loaded when somebody looks; its question for a password has the words of security. */
const RevealDialog = lazy(async () => {
  const [{ RevealDialog: Component }] = await Promise.all([
    import("./RevealDialog.tsx"),
    loadTexts("security"),
  ]);
  return { default: Component };
});

type Action = Exclude<MenuEntry, "separator"> & { id: string };

export function ExecutionActions({ execution }: { execution: Execution }) {
  const { t } = useTranslation("executions");
  const [isRerunning, setIsRerunning] = useState(false);
  const [isRevealing, setIsRevealing] = useState(false);
  const actions = useActions(
    execution,
    () => setIsRerunning(true),
    () => setIsRevealing(true),
  );
  const main = actions.find(({ id }) => id === (executionCan.retry(execution) ? "retry" : "cancel"));
  const again = actions.find(({ id }) => id === "rerun");
  const shown = main ?? again;
  return (
    <>
      {shown && (
        <Button onClick={shown.onSelect} tone={shown.id === "cancel" ? "normal" : "primary"}>
          {shown.icon && <shown.icon aria-hidden className="size-4" />}
          <span className="max-sm:sr-only">{shown.label}</span>
        </Button>
      )}
      <Menu
        trigger={<IconButton icon={Ellipsis} label={t("actions.more")} />}
        entries={actions.filter(({ id }) => id !== shown?.id)}
      />
      {isRerunning && <RerunDialog execution={execution} onClose={() => setIsRerunning(false)} />}
      {isRevealing && (
        <Suspense fallback={null}>
          <RevealDialog id={execution.id} onClose={() => setIsRevealing(false)} />
        </Suspense>
      )}
    </>
  );
}

/** What a redaction rule leaves of a field. */
function hidesSomething({ input, output, failure }: Execution): boolean {
  return /\[hidden\]|••••/.test(JSON.stringify([input, output, failure]));
}

function useActions(execution: Execution, onRerun: () => void, onReveal: () => void): readonly Action[] {
  const { t } = useTranslation("executions");
  const navigate = useNavigate();
  const retry = useRetry();
  const control = useConfirmedControl();
  const { id, workflowId } = execution;
  const mayReveal = useMay("execution.reveal");
  const hidesFields = useMemo(() => hidesSomething(execution), [execution]);
  const copy = () =>
    navigator.clipboard.writeText(id).then(
      () => toast.success(t("ui:copied")),
      () => toast.failure(t("ui:copyFailed")),
    );
  const can = (name: keyof typeof executionCan, action: Omit<Action, "id" | "label">): Action[] =>
    executionCan[name](execution) ? [{ id: name, label: t(`actions.${name}`), ...action }] : [];
  const actions: Action[] = [
    ...can("retry", { icon: RotateCcw, onSelect: () => void retry(execution) }),
    { id: "rerun", label: t("actions.rerun"), icon: Play, onSelect: onRerun },
    ...can("pause", { icon: CirclePause, onSelect: () => void control(id, "pause") }),
    ...can("resume", { icon: CirclePlay, onSelect: () => void control(id, "resume") }),
    ...can("cancel", { icon: Ban, onSelect: () => void control(id, "cancel") }),
    ...can("terminate", { icon: OctagonX, danger: true, onSelect: () => void control(id, "terminate") }),
    ...(mayReveal && hidesFields
      ? [{ id: "reveal", label: t("actions.reveal"), icon: Eye, onSelect: onReveal }]
      : []),
    {
      id: "load",
      label: t("actions.load"),
      icon: FilePenLine,
      onSelect: () => navigate(paths.workflow(workflowId, { execution: id, load: "1" })),
    },
    {
      id: "workflow",
      label: t("actions.workflow"),
      icon: PencilRuler,
      onSelect: () => navigate(paths.workflow(workflowId)),
    },
    { id: "copy", label: t("actions.copy"), icon: Copy, onSelect: () => void copy() },
  ];
  usePalette(actions);
  return actions;
}

/** The same actions as commands; made anew only when others are possible, because each announcement is a render. */
function usePalette(actions: readonly Action[]): void {
  const key = actions.map(({ id, label }) => `${id} ${label}`).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what an action does follows from which it is
  const commands = useMemo<Command[]>(
    () =>
      actions.map(({ id, label, icon, onSelect }) => ({
        id: `execution.${id}`,
        label,
        group: "page",
        ...(icon ? { icon } : {}),
        run: onSelect,
      })),
    [key],
  );
  useCommands(commands);
}
