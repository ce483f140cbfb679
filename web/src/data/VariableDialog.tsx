// Makes or changes a variable. What is JSON is taken as JSON, everything else as text, and the form says which.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSaveVariable, type Variable } from "../api/data.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { toast } from "../ui/toasts.ts";
import { variableOf, variableText } from "./values.ts";

export function VariableDialog({ variable, onClose }: { variable: Variable | null; onClose(): void }) {
  const { t } = useTranslation("data");
  const formId = useId();
  const save = useSaveVariable();
  const [name, setName] = useState(variable?.name ?? "");
  const [text, setText] = useState(variable ? variableText(variable.value) : "");
  const [description, setDescription] = useState(variable?.description ?? "");
  const value = variableOf(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { name: name.trim(), body: { value, description: description.trim() || null } },
      {
        onSuccess: () => {
          toast.success(t("saved", { name: name.trim() }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={variable ? t("variables.edit", { name: variable.name }) : t("variables.new")}
      description={t("variables.noSecrets")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={save.isPending}>
            {t("save")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        {!variable && (
          <Field label={t("name")} help={t("variables.nameHelp")}>
            {(ids) => (
              <Input
                {...ids}
                autoFocus
                required
                dir="ltr"
                maxLength={100}
                pattern="[A-Za-z_][A-Za-z0-9_]*"
                title={t("variables.nameHelp")}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field
          label={t("variables.value")}
          aside={t(`kinds.${kindOf(value)}`)}
          help={t("variables.valueHelp")}
        >
          {(ids) => (
            <Textarea {...ids} mono rows={5} value={text} onChange={(event) => setText(event.target.value)} />
          )}
        </Field>
        <Field label={t("description")} aside={t("optional")}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={2000}
              dir="auto"
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        {save.error && <ErrorState error={save.error} />}
      </form>
    </Dialog>
  );
}

type Kind = "text" | "number" | "boolean" | "list" | "object" | "null";

function kindOf(value: unknown): Kind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  const type = typeof value;
  return type === "number" || type === "boolean" || type === "object" ? type : "text";
}
