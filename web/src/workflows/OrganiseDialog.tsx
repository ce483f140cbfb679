// Where a workflow is kept: its folder, its tags, who answers for it. What others use is proposed.
import type { WorkflowSummary } from "@auraos/contract";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFileWorkflow, useFilingOverview } from "../api/workflows.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { toast } from "../ui/toasts.ts";
import { OwnerSelect } from "./OwnerSelect.tsx";
import { TagsInput } from "./TagsInput.tsx";

export function OrganiseDialog({ workflow, onClose }: { workflow: WorkflowSummary; onClose(): void }) {
  const { t } = useTranslation("workflows");
  const formId = useId();
  const foldersId = useId();
  const { data: known } = useFilingOverview();
  const save = useFileWorkflow();
  const [folder, setFolder] = useState(workflow.folder);
  const [tags, setTags] = useState<string[]>(workflow.tags);
  const [owner, setOwner] = useState(workflow.owner);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { id, name } = workflow;
    save.mutate(
      { id, folder, tags, owner: owner?.id ?? null },
      {
        onSuccess: () => {
          toast.success(t("filing.done", { name }));
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("filing.title", { name: workflow.name })}
      description={t("filing.text")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={save.isPending}>
            {t("filing.action")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <Field label={t("filing.folder")} help={t("filing.folderHelp")}>
          {(ids) => (
            <>
              <Input
                {...ids}
                dir="auto"
                list={foldersId}
                maxLength={200}
                value={folder}
                onChange={(event) => setFolder(event.target.value)}
              />
              <datalist id={foldersId}>
                {known?.folders.map(({ path }) => (
                  <option key={path} value={path} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label={t("filing.tags")} help={t("filing.tagsHelp")}>
          {(ids) => (
            <TagsInput
              {...ids}
              value={tags}
              onChange={setTags}
              known={known?.tags.map(({ tag }) => tag) ?? []}
            />
          )}
        </Field>
        <Field label={t("filing.owner")}>
          {(ids) => <OwnerSelect {...ids} value={owner} onChange={setOwner} />}
        </Field>
        {save.error && <ErrorState error={save.error} />}
      </form>
    </Dialog>
  );
}
