// Installs a template: choose one, fill in what it asks for.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type TaskTemplate, useInstallTemplate, useTaskTemplates } from "../api/tasks.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";

export function TemplateDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("tasks");
  const { data } = useTaskTemplates();
  const [chosen, setChosen] = useState<TaskTemplate | null>(null);
  if (chosen) return <Install template={chosen} onBack={() => setChosen(null)} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("templates.title")}
      description={t("templates.text")}
      width="normal"
    >
      {!data && <SkeletonRows label={t("loading")} />}
      <ul className="grid gap-2 sm:grid-cols-2">
        {data?.items.map((template) => (
          <li key={template.id}>
            <button
              type="button"
              onClick={() => setChosen(template)}
              className="size-full rounded-lg border border-line bg-panel p-3 text-start hover:bg-hover"
            >
              <span className="block font-medium text-sm">
                {t(`templates.${template.id}.name`, { defaultValue: template.name })}
              </span>
              <span className="mt-0.5 block text-muted text-xs">
                {t(`templates.${template.id}.text`, { defaultValue: template.description })}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Install({ template, onBack, onClose }: { template: TaskTemplate; onBack(): void; onClose(): void }) {
  const { t } = useTranslation("tasks");
  const { t: say } = useTranslation("ui");
  const formId = useId();
  const install = useInstallTemplate();
  const label = t(`templates.${template.id}.name`, { defaultValue: template.name });
  const [name, setName] = useState(label);
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      template.parameters.map((one) => [one.name, one.default === undefined ? "" : String(one.default)]),
    ),
  );
  const error = install.error && describeError(install.error, say);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = template.parameters.flatMap((one) => {
      const text = values[one.name] ?? "";
      if (text === "") return [];
      return [[one.name, typeof one.default === "number" ? Number(text) : text] as const];
    });
    install.mutate(
      { id: template.id, name, parameters: Object.fromEntries(given) },
      {
        onSuccess: (task) => {
          toast.success(t("form.created", { name: task.name }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={label}
      description={t(`templates.${template.id}.text`, { defaultValue: template.description })}
      actions={
        <>
          <Button onClick={onBack}>{t("templates.back")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={install.isPending}>
            {t("templates.install")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <Field label={t("form.name")}>
          {(ids) => (
            <Input {...ids} required value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        {template.parameters.map((one) => (
          <Field
            key={one.name}
            label={<span dir="ltr">{one.name}</span>}
            help={<span dir="auto">{one.description}</span>}
          >
            {(ids) => (
              <Input
                {...ids}
                required={one.required}
                value={values[one.name] ?? ""}
                onChange={(event) => setValues({ ...values, [one.name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        {error && (
          <p role="alert" className="text-fail text-xs">
            {error.problems[0]?.message ?? error.title} {error.problems[0]?.remedy ?? error.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}
