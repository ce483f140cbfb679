// A new workflow needs a name; the rest happens in the builder.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useCreateWorkflow } from "../api/workflows.ts";
import { paths } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";

export function CreateWorkflowDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation("workflows");
  const formId = useId();
  const navigate = useNavigate();
  const create = useCreateWorkflow();
  const [name, setName] = useState("");
  const [isMissing, setIsMissing] = useState(false);

  const close = () => {
    setName("");
    setIsMissing(false);
    create.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return setIsMissing(true);
    create.mutate(name.trim(), {
      onSuccess: ({ id }) => {
        setName("");
        navigate(paths.workflow(id), { replace: true });
      },
    });
  };
  const error = isMissing ? t("create.missing") : create.error && describeError(create.error, t).title;

  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && close()}
      title={t("create.title")}
      description={t("create.text")}
      actions={
        <>
          <Button onClick={close}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={create.isPending}>
            {t("create.action")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate>
        <Field label={t("create.name")} error={error}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              maxLength={255}
              value={name}
              placeholder={t("create.example")}
              onChange={(event) => {
                setName(event.target.value);
                setIsMissing(false);
              }}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
