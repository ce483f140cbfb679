// What is frozen: everything, or one workflow; and what callers are told.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Freezing } from "../api/incidents.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";

const scopes = ["workflow", "organization"] as const;

type FreezeDialogProps = { busy: boolean; onClose(): void; onFreeze(freezing: Freezing): void };

export function FreezeDialog({ busy, onClose, onFreeze }: FreezeDialogProps) {
  const { t } = useTranslation("incidents");
  const formId = useId();
  const [scope, setScope] = useState<Freezing["scope"]>("workflow");
  const [workflow, setWorkflow] = useState("");
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFreeze({
      scope,
      ...(scope === "workflow" ? { workflow: workflow.trim() } : {}),
      ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("acts.freeze")}
      description={t("freeze.text")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="danger" busy={busy}>
            {t("acts.freeze")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <SegmentedControl
          label={t("freeze.scope")}
          value={scope}
          onChange={(chosen) => setScope(chosen)}
          segments={scopes.map((value) => ({ value, label: t(`freeze.${value}`) }))}
        />
        {scope === "workflow" && (
          <Field label={t("freeze.which")}>
            {(ids) => (
              <Input
                {...ids}
                autoFocus
                required
                value={workflow}
                onChange={(event) => setWorkflow(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label={t("freeze.reason")} aside={t("form.optional")} help={t("freeze.reasonHelp")}>
          {(ids) => <Input {...ids} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  );
}
