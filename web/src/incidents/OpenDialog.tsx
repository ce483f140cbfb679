// Begins an incident; from then on everything that is done about it stands in one place.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Severity, useOpenIncident } from "../api/incidents.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";

const severities: readonly Severity[] = ["low", "medium", "high", "critical"];

export function OpenDialog({ onClose }: { onClose(made?: string): void }) {
  const { t } = useTranslation("incidents");
  const formId = useId();
  const [view] = useView();
  const create = useOpenIncident();
  const tellFailure = useTellFailure();
  const [title, setTitle] = useState(view.get("title") ?? "");
  const [note, setNote] = useState(view.get("note") ?? "");
  const [severity, setSeverity] = useState<Severity>("high");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { title: title.trim(), severity, ...(note.trim() === "" ? {} : { note: note.trim() }) };
    create.mutate(body, { onSuccess: ({ id }) => onClose(id), onError: tellFailure });
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("new")}
      description={t("form.text")}
      actions={
        <>
          <Button onClick={() => onClose()}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={create.isPending}>
            {t("form.open")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <Field label={t("form.title")}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              required
              maxLength={255}
              value={title}
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("form.severity")}>
          {(ids) => (
            <Select
              {...ids}
              value={severity}
              onChange={(value) => setSeverity(value as Severity)}
              options={severities.map((value) => ({ value, label: t(`severity.${value}`) }))}
            />
          )}
        </Field>
        <Field label={t("form.note")} aside={t("form.optional")}>
          {(ids) => <Textarea {...ids} value={note} onChange={(event) => setNote(event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  );
}
