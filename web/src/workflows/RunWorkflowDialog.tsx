// Starts an execution, with an input if one is needed. Published workflows run as published; the others as their draft,
// in test mode.
import type { WorkflowSummary } from "@auraos/contract";
import { Play } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useStartExecution } from "../api/executions.ts";
import { newRequestKey } from "../api/newRequestKey.ts";
import { paths } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Field } from "../ui/Field.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellEnd } from "./useTellEnd.ts";

type RunWorkflowDialogProps = { workflow: WorkflowSummary; onClose(): void };

export function RunWorkflowDialog({ workflow, onClose }: RunWorkflowDialogProps) {
  const { t } = useTranslation("workflows");
  const formId = useId();
  const navigate = useNavigate();
  const start = useStartExecution();
  const tellEnd = useTellEnd();
  const [text, setText] = useState("{}");
  const [error, setError] = useState("");
  const isDraft = workflow.status === "draft";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const input = parse(text);
    if (!input.ok) return setError(t("run.notJson", { reason: input.reason }));
    start.mutate(
      { workflow: workflow.id, input: input.value, draft: isDraft, requestKey: newRequestKey() },
      {
        onSuccess: ({ id }) => {
          toast.info(t("run.started", { name: workflow.name }), {
            action: { label: t("run.look"), onAct: () => navigate(paths.execution(id)) },
          });
          tellEnd(id, workflow.name);
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("run.title", { name: workflow.name })}
      description={t(isDraft ? "run.draft" : "run.published", { version: workflow.version })}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={start.isPending}>
            <Play aria-hidden className="size-3.5 rtl:-scale-x-100" />
            {t("run.action")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <Field label={t("run.input")} help={t("run.inputHelp")} error={error || undefined}>
          {(ids) => (
            <Textarea
              {...ids}
              mono
              rows={6}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setError("");
              }}
            />
          )}
        </Field>
        {start.error && <ErrorState error={start.error} />}
      </form>
    </Dialog>
  );
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; reason: string } {
  if (text.trim() === "") return { ok: true, value: {} };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
