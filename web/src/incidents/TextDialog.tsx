// Asks for a text: a note, a conclusion.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Textarea } from "../ui/Textarea.tsx";

type TextDialogProps = {
  title: string;
  label: string;
  action: string;
  busy: boolean;
  onClose(): void;
  onText(text: string): void;
};

export function TextDialog({ title, label, action, busy, onClose, onText }: TextDialogProps) {
  const { t } = useTranslation("incidents");
  const formId = useId();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onText(text.trim());
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={busy} disabled={text.trim() === ""}>
            {action}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit}>
        <Field label={label}>
          {(ids) => (
            <Textarea
              {...ids}
              autoFocus
              required
              rows={6}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
