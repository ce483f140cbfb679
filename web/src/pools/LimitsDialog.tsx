// The limits of one workflow: how often and how many, the pool its starts wait for, and its pause.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSaveLimits, useWorkflowLimits, type WorkflowLimits } from "../api/limits.ts";
import { usePools } from "../api/tasks.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { WorkflowSelect } from "../pick/WorkflowSelect.tsx";
import { useSaid } from "../said/useSaid.ts";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { bodyOf, formOf, type LimitsForm, NONE } from "./limitsForm.ts";

/** `workflowId` empty: it is chosen here. */
export function LimitsDialog({ workflowId, onClose }: { workflowId: string; onClose(): void }) {
  const { t } = useTranslation("pools");
  const formId = useId();
  const [chosen, setChosen] = useState(workflowId);
  const { data, error, refetch, isFetching } = useWorkflowLimits(chosen);
  const save = useSaveLimits();
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("limits.title")}
      width="normal"
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={save.isPending} disabled={!data}>
            {t("save")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {workflowId === "" && <WorkflowChoice value={chosen} onChange={setChosen} />}
        {chosen !== "" && error && (
          <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />
        )}
        {chosen !== "" && !error && !data && <SkeletonRows label={t("limits.loading")} />}
        {data && (
          <LimitsFields
            key={chosen}
            limits={data}
            formId={formId}
            error={save.error}
            onSubmit={(form) =>
              save.mutate(
                { id: chosen, body: bodyOf(form) },
                {
                  onSuccess: () => {
                    toast.success(t("limits.saved"));
                    onClose();
                  },
                },
              )
            }
          />
        )}
        {chosen !== "" && (
          <p className="text-muted text-xs">
            {t("limits.concurrency")}{" "}
            <Link to={paths.workflow(chosen)} className="underline underline-offset-2">
              {t("limits.openWorkflow")}
            </Link>
          </p>
        )}
      </div>
    </Dialog>
  );
}

function WorkflowChoice({ value, onChange }: { value: string; onChange(id: string): void }) {
  const { t } = useTranslation("pools");
  return (
    <Field label={t("limits.workflow")}>
      {(ids) => (
        <WorkflowSelect {...ids} value={value} onChange={onChange} placeholder={t("limits.choose")} />
      )}
    </Field>
  );
}

type FieldsProps = {
  limits: WorkflowLimits;
  formId: string;
  error: Error | null;
  onSubmit(form: LimitsForm): void;
};

function LimitsFields({ limits, formId, error, onSubmit }: FieldsProps) {
  const { t } = useTranslation("pools");
  const { t: say } = useTranslation("ui");
  const said = useSaid();
  const format = useFormat();
  const { data: pools } = usePools();
  const [form, setForm] = useState(formOf(limits));
  const change = (changes: Partial<LimitsForm>) => setForm((now) => ({ ...now, ...changes }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(form);
  };
  const number = (field: keyof LimitsForm, label: string, help?: string, min = 1) => (
    <Field label={label} help={help}>
      {(ids) => (
        <Input
          {...ids}
          type="number"
          min={min}
          value={String(form[field])}
          onChange={(event) => change({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  const problem = error && describeError(error, say);
  const count = (value: number) => t("limits.now", { number: format.number(value) });
  return (
    <form id={formId} onSubmit={submit} className="grid gap-4">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {number("rateCount", t("limits.rateCount"), count(limits.startsInWindow))}
        {number("rateSeconds", t("form.rateSeconds"))}
        {number("dailyMax", t("limits.dailyMax"), count(limits.startsToday))}
        {number("openMax", t("limits.openMax"), count(limits.open))}
        {number("pauseAfterFailures", t("limits.pauseAfter"), count(limits.failures))}
        <Field label={t("limits.pool")} help={t("limits.poolHelp")}>
          {(ids) => (
            <Select
              {...ids}
              value={form.pool}
              onChange={(pool) => change({ pool })}
              options={[
                { value: NONE, label: t("limits.noPool") },
                ...(pools?.items ?? []).map(({ name }) => ({ value: name, label: name })),
              ]}
            />
          )}
        </Field>
        {form.pool !== NONE && number("places", t("limits.places"))}
        {number("priority", t("limits.priority"), undefined, -100)}
      </div>
      <Field
        label={t("limits.fairKey")}
        help={t("limits.fairKeyHelp", { example: "\u2066{{ $json.customer }}\u2069" })}
      >
        {(ids) => (
          <Input
            {...ids}
            dir="ltr"
            className="font-mono"
            value={form.fairKey}
            onChange={(event) => change({ fairKey: event.target.value })}
          />
        )}
      </Field>
      <Checkbox
        label={t("limits.isPaused")}
        help={
          limits.pauseReason === null
            ? t("limits.isPausedHelp")
            : said(limits.pauseReason, limits.pauseParts).text
        }
        checked={form.paused}
        onChange={(paused) => change({ paused })}
      />
      {problem && (
        <p role="alert" className="text-fail text-xs">
          {problem.problems[0]?.message ?? problem.title} {problem.problems[0]?.remedy ?? problem.remedy}
        </p>
      )}
    </form>
  );
}
