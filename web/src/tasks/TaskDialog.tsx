// Makes or changes a task: what it runs, when, after what, with which places. The rest (window, recovery) is the API's, and
// stays as it is.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Task, usePools, useSaveTask } from "../api/tasks.ts";
import { WorkflowSelect } from "../pick/WorkflowSelect.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { Select } from "../ui/Select.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { toast } from "../ui/toasts.ts";
import { DependencyFields } from "./DependencyFields.tsx";
import { bodyOf, emptyForm, formOf, hasOtherSchedule, NONE, type TaskForm } from "./taskForm.ts";

export function TaskDialog({ task, onClose }: { task: Task | null; onClose(): void }) {
  const { t } = useTranslation("tasks");
  const { t: say } = useTranslation("ui");
  const formId = useId();
  const save = useSaveTask();
  // What the form was filled from: what others change meanwhile is a conflict, not overwritten.
  const [of] = useState(task);
  const [form, setForm] = useState<TaskForm>(task ? formOf(task) : emptyForm);
  const [isTried, setIsTried] = useState(false);
  const change = (changes: Partial<TaskForm>) => setForm((now) => ({ ...now, ...changes }));
  const isComplete = form.name.trim() !== "" && (form.kind !== "workflow" || form.workflow !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (!isComplete) return;
    save.mutate(
      { of, body: bodyOf(form, of) },
      {
        onSuccess: ({ name }) => {
          toast.success(t(task ? "form.saved" : "form.created", { name }));
          onClose();
        },
      },
    );
  };
  const error = save.error && describeError(save.error, say);
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={task ? t("edit", { name: task.name }) : t("new")}
      width="normal"
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={save.isPending}>
            {t(task ? "form.save" : "form.create")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <Field label={t("form.name")} error={isTried && form.name.trim() === "" && t("form.nameMissing")}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              value={form.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("form.description")}>
          {(ids) => (
            <Input
              {...ids}
              dir="auto"
              value={form.description}
              onChange={(event) => change({ description: event.target.value })}
            />
          )}
        </Field>
        <What form={form} change={change} isTried={isTried} task={task} />
        <When form={form} change={change} task={task} />
        <DependencyFields form={form} change={change} ownId={task?.id} />
        <Bounds form={form} change={change} />
        {error && (
          <p role="alert" className="text-fail text-xs">
            {error.problems[0]?.message ?? error.title} {error.problems[0]?.remedy ?? error.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}

type PartProps = { form: TaskForm; change(changes: Partial<TaskForm>): void };

function What({ form, change, isTried, task }: PartProps & { isTried: boolean; task: Task | null }) {
  const { t } = useTranslation("tasks");
  // A single step is made through the API; here it stays what it is.
  if (form.kind === "node")
    return (
      <p className="text-muted text-sm">
        {t("form.node", { type: task?.run.kind === "node" ? task.run.type : "" })}
      </p>
    );
  return (
    <>
      <SegmentedControl
        label={t("form.what")}
        value={form.kind}
        onChange={(kind) => change({ kind })}
        segments={(["workflow", "script"] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
      />
      {form.kind === "workflow" ? (
        <WorkflowField form={form} change={change} isTried={isTried} />
      ) : (
        <Field label={t("kind.script")} help={t("form.scriptHelp")}>
          {(ids) => (
            <Textarea
              {...ids}
              mono
              rows={4}
              value={form.code}
              onChange={(event) => change({ code: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function WorkflowField({ form, change, isTried }: PartProps & { isTried: boolean }) {
  const { t } = useTranslation("tasks");
  return (
    <Field label={t("kind.workflow")} error={isTried && form.workflow === "" && t("form.workflowMissing")}>
      {(ids) => (
        <WorkflowSelect
          {...ids}
          isPublishedOnly
          value={form.workflow}
          onChange={(workflow) => change({ workflow })}
          placeholder={t("form.choose")}
        />
      )}
    </Field>
  );
}

function When({ form, change, task }: PartProps & { task: Task | null }) {
  const { t } = useTranslation("tasks");
  return (
    <Field
      label={t("form.cron")}
      help={t(hasOtherSchedule(task) && form.cron === "" ? "form.otherSchedule" : "form.cronHelp")}
    >
      {(ids) => (
        <Input
          {...ids}
          dir="ltr"
          className="font-mono"
          value={form.cron}
          onChange={(event) => change({ cron: event.target.value })}
        />
      )}
    </Field>
  );
}

function Bounds({ form, change }: PartProps) {
  const { t } = useTranslation("tasks");
  const { data: pools } = usePools();
  const names = (pools?.items ?? []).map(({ name }) => name);
  const known = form.pool === NONE || names.includes(form.pool) ? names : [...names, form.pool];
  const number = (label: string, field: keyof TaskForm, min: number, max: number) => (
    <Field label={label}>
      {(ids) => (
        <Input
          {...ids}
          type="number"
          min={min}
          max={max}
          value={String(form[field])}
          onChange={(event) => change({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t("form.pool")}>
        {(ids) => (
          <Select
            {...ids}
            value={form.pool}
            onChange={(pool) => change({ pool })}
            options={[
              { value: NONE, label: t("form.nothing") },
              ...known.map((name) => ({ value: name, label: name })),
            ]}
          />
        )}
      </Field>
      {form.pool !== NONE && number(t("form.places"), "places", 1, 10_000)}
      {number(t("facts.priority"), "priority", -100, 100)}
      {number(t("form.attempts"), "attempts", 1, 20)}
      {number(t("form.deadline"), "deadlineMinutes", 1, 527_040)}
    </div>
  );
}
