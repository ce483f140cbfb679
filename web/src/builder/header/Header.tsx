// The header of the builder: problems, run, publish, and the rest in a menu.
import {
  Check,
  Download,
  History,
  LayoutTemplate,
  List,
  MoreHorizontal,
  Play,
  Settings2,
  Upload,
  Workflow as WorkflowIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useWorkflow } from "../../api/workflows.ts";
import { Button } from "../../ui/Button.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Menu } from "../../ui/Menu.tsx";
import { useRun } from "../run/useRun.ts";
import { useBuilder, useBuilderState, useProblems } from "../state/BuilderContext.tsx";
import type { Workflow } from "../state/startBuilder.ts";
import { graphOf } from "../state/store.ts";
import { useDialogs } from "./dialogs.ts";
import { downloadWorkflow } from "./download.ts";
import { ProblemList } from "./ProblemList.tsx";

type HeaderProps = { workflow: Workflow; isList: boolean; onList(isList: boolean): void };

export function Header({ workflow, isList, onList }: HeaderProps) {
  const { t } = useTranslation("builder");
  const dialogs = useDialogs();
  const builder = useBuilder();
  const isEmpty = useBuilderState((state) => graphOf(state).nodes.length === 0);
  const problems = useProblems();
  const run = useRun();
  const now = useWorkflow(workflow.id).data ?? workflow;
  const isPublished = now.version !== null && !now.draftChanged;
  return (
    <div className="flex shrink-0 items-center gap-2">
      <ProblemList />
      <Button
        onClick={() => void run.start()}
        busy={run.isStarting}
        disabled={isEmpty}
        className="max-sm:w-10 max-sm:px-0"
      >
        <Play aria-hidden className="size-4" />
        <span className="max-sm:sr-only">{t("run.run")}</span>
      </Button>
      <Button
        tone={isPublished ? "normal" : "primary"}
        onClick={() => dialogs.open("publish")}
        disabled={isEmpty || isPublished || problems.length > 0}
        className="max-sm:hidden"
      >
        {isPublished && <Check aria-hidden className="size-4 text-ok" />}
        {isPublished
          ? t("publish.done", { version: now.version })
          : t("publish.button", { version: (now.version ?? 0) + 1 })}
      </Button>
      <Menu
        trigger={<IconButton icon={MoreHorizontal} label={t("more")} />}
        entries={[
          {
            label: t("publish.title"),
            icon: Upload,
            disabled: isEmpty || isPublished || problems.length > 0,
            onSelect: () => dialogs.open("publish"),
          },
          { label: t("run.withInput"), icon: Play, disabled: isEmpty, onSelect: () => dialogs.open("run") },
          { label: t("versions.title"), icon: History, onSelect: () => dialogs.open("versions") },
          {
            label: isList ? t("showCanvas") : t("showList"),
            icon: isList ? WorkflowIcon : List,
            onSelect: () => onList(!isList),
          },
          "separator",
          { label: t("templates.title"), icon: LayoutTemplate, onSelect: () => dialogs.open("templates") },
          { label: t("import.title"), icon: Upload, onSelect: () => dialogs.open("import") },
          {
            label: t("export.json"),
            icon: Download,
            onSelect: () => downloadWorkflow(graphOf(builder.get()), "json"),
          },
          {
            label: t("export.yaml"),
            icon: Download,
            onSelect: () => downloadWorkflow(graphOf(builder.get()), "yaml"),
          },
          "separator",
          { label: t("settings.title"), icon: Settings2, onSelect: () => dialogs.open("settings") },
        ]}
      />
    </div>
  );
}
