// Makes a task: what it runs, when, after what. The rest (window, deadline, recovery) is the API's.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type TaskDraft, useCreateTask, usePools, useTasks } from "../api/tasks.ts";
import { useWorkflows } from "../api/workflows.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { Select } from "../ui/Select.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { toast } from "../ui/toasts.ts";

const NONE = "none";
type Form = {
  name: string;
  kind: "workflow" | "script";
  workflow: string;
  code: string;
  cron: string;
  after: string;
  pool: string;
  priority: string;
  attempts: string;
};

const empty: Form = {
  ...{ name: "", kind: "workflow", workflow: "", code: "return { done: true };", cron: "" },
  ...{ after: NONE, pool: NONE, priority: "0", attempts: "1" },
};

export function TaskDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("tasks");
  const { t: say } = useTranslation("ui");
  const formId = useId();
  const create = useCreateTask();
  const [form, setForm] = useState<Form>(empty);
  const [isTried, setIsTried] = useState(false);
  const change = (changes: Partial<Form>) => setForm((now) => ({ ...now, ...changes }));
  const isComplete = form.name.trim() !== "" && (form.kind === "script" || form.workflow !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (!isComplete) return;
    create.mutate(bodyOf(form), {
      onSuccess: ({ name }) => {
        toast.success(t("form.created", { name }));
        onClose();
      },
    });
  };
  const error = create.error && describeError(create.error, say);
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("new")}
      width="normal"
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={create.isPending}>
            {t("form.create")}
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
        <More form={form} change={change} />
        {error && (
          <p role="alert" className="text-fail text-xs">
            {error.problems[0]?.message ?? error.title} {error.problems[0]?.remedy ?? error.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}

type PartProps = { form: Form; change(changes: Partial<Form>): void };

function WorkflowField({ form, change, isTried }: PartProps & { isTried: boolean }) {
  const { t } = useTranslation("tasks");
  const { data } = useWorkflows();
  const published = (data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ status }) => status === "published");
  return (
    <Field label={t("kind.workflow")} error={isTried && form.workflow === "" && t("form.workflowMissing")}>
      {(ids) => (
        <Select
          {...ids}
          value={form.workflow}
          onChange={(workflow) => change({ workflow })}
          placeholder={t("form.choose")}
          options={published.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </Field>
  );
}

function More({ form, change }: PartProps) {
  const { t } = useTranslation("tasks");
  const { data: tasks } = useTasks("");
  const { data: pools } = usePools();
  const others = (tasks?.pages ?? []).flatMap(({ items }) => items);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t("form.cron")} help={t("form.cronHelp")}>
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
      <Field label={t("form.after")}>
        {(ids) => (
          <Select
            {...ids}
            value={form.after}
            onChange={(after) => change({ after })}
            options={[
              { value: NONE, label: t("form.nothing") },
              ...others.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
      </Field>
      <Field label={t("form.pool")}>
        {(ids) => (
          <Select
            {...ids}
            value={form.pool}
            onChange={(pool) => change({ pool })}
            options={[
              { value: NONE, label: t("form.nothing") },
              ...(pools?.items ?? []).map(({ name }) => ({ value: name, label: name })),
            ]}
          />
        )}
      </Field>
      <Field label={t("facts.priority")}>
        {(ids) => (
          <Input
            {...ids}
            type="number"
            min={-100}
            max={100}
            value={form.priority}
            onChange={(event) => change({ priority: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("form.attempts")}>
        {(ids) => (
          <Input
            {...ids}
            type="number"
            min={1}
            max={20}
            value={form.attempts}
            onChange={(event) => change({ attempts: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function bodyOf(form: Form): TaskDraft {
  const attempts = Number(form.attempts) || 1;
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    name: form.name.trim(),
    run:
      form.kind === "workflow"
        ? { kind: "workflow", workflow: form.workflow }
        : { kind: "script", code: form.code },
    priority: Number(form.priority) || 0,
    ...(form.cron.trim() === ""
      ? {}
      : { schedule: { cron: form.cron.trim(), timezone, missed: "last", overlap: "skip" } }),
    ...(form.after === NONE ? {} : { dependencies: [{ task: form.after, on: "success" }] }),
    ...(form.pool === NONE ? {} : { resources: { [form.pool]: 1 } }),
    ...(attempts > 1 ? { retry: { attempts, delaySeconds: 10, factor: 2, maxDelaySeconds: 3_600 } } : {}),
  };
}
