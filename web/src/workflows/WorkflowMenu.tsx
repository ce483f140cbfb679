// What can be done with one workflow.
import type { WorkflowSummary } from "@auraos/contract";
import {
  CircleOff,
  Copy,
  Ellipsis,
  FileDown,
  FolderInput,
  PencilRuler,
  Play,
  Trash2,
  Upload,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMay } from "../api/account.ts";
import { useDuplicateWorkflow, usePublishWorkflow, useUnpublishWorkflow } from "../api/workflows.ts";
import { paths } from "../paths.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { exportWorkflow } from "./exportWorkflow.ts";
import { useConfirmedDelete } from "./useConfirmedDelete.ts";

type WorkflowMenuProps = { workflow: WorkflowSummary; onRun(): void; onOrganise(): void };

export function WorkflowMenu({ workflow, onRun, onOrganise }: WorkflowMenuProps) {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const tellFailure = useTellFailure();
  const duplicate = useDuplicateWorkflow();
  const publish = usePublishWorkflow();
  const unpublish = useUnpublishWorkflow();
  const remove = useConfirmedDelete();
  const mayWrite = useMay("workflow.write");
  const { id, name } = workflow;
  const told = (text: string) => ({ onSuccess: () => toast.success(text), onError: tellFailure });

  const canPublish = workflow.status === "draft" || workflow.draftChanged;
  const entries: MenuEntry[] = [
    { label: t("menu.open"), icon: PencilRuler, onSelect: () => navigate(paths.workflow(id)) },
    { label: t("run.action"), icon: Play, onSelect: onRun },
    ...(canPublish
      ? [
          {
            label: t("menu.publish"),
            icon: Upload,
            onSelect: () => publish.mutate(id, told(t("published", { name }))),
          },
        ]
      : []),
    ...(workflow.status === "published"
      ? [
          {
            label: t("menu.unpublish"),
            icon: CircleOff,
            onSelect: () => unpublish.mutate(id, told(t("unpublished", { name }))),
          },
        ]
      : []),
    {
      label: t("menu.duplicate"),
      icon: Copy,
      onSelect: () => duplicate.mutate({ id, name: t("copyOf", { name }) }, told(t("duplicated", { name }))),
    },
    ...(mayWrite ? [{ label: t("menu.organise"), icon: FolderInput, onSelect: onOrganise }] : []),
    {
      label: t("menu.exportYaml"),
      icon: FileDown,
      onSelect: () => exportWorkflow(workflow, "yaml").catch(tellFailure),
    },
    {
      label: t("menu.exportJson"),
      icon: FileDown,
      onSelect: () => exportWorkflow(workflow, "json").catch(tellFailure),
    },
    "separator",
    { label: t("menu.delete"), icon: Trash2, danger: true, onSelect: () => remove(workflow) },
  ];
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={t("menu.of", { name })} size="small" />}
      entries={entries}
    />
  );
}
