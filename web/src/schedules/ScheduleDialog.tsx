// Makes or changes a schedule: what, when, and what is done in the awkward cases; the next fires stand beside the rule.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/apiError.ts";
import { type Schedule, useCalendars, useSaveSchedule } from "../api/schedules.ts";
import { useWorkflows } from "../api/workflows.ts";
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
import { RulePreview } from "./FirePreview.tsx";
import {
  bodyOf,
  emptyForm,
  formOf,
  gaps,
  missedPolicies,
  overlaps,
  type RuleKind,
  repeats,
  ruleOf,
  type ScheduleForm,
} from "./scheduleForm.ts";

const AUTOMATIC = "automatic";
const NONE = "none";
const kinds: readonly RuleKind[] = ["cron", "interval", "rrule"];
const zones = Intl.supportedValuesOf("timeZone");

type ScheduleDialogProps = { schedule: Schedule | null; onClose(): void };

export function ScheduleDialog({ schedule, onClose }: ScheduleDialogProps) {
  const { t } = useTranslation("schedules");
  const formId = useId();
  const save = useSaveSchedule();
  const [form, setForm] = useState<ScheduleForm>(() =>
    schedule ? formOf(schedule) : emptyForm(Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const [isTried, setIsTried] = useState(false);
  const change = (changes: Partial<ScheduleForm>) => setForm((now) => ({ ...now, ...changes }));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    const body = bodyOf(form, schedule);
    if (body === null || body.name === "" || body.workflow === "") return;
    save.mutate(
      { of: schedule, body },
      {
        onSuccess: () => {
          toast.success(t(schedule ? "form.changed" : "form.created", { name: body.name }));
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={schedule ? t("form.changeTitle", { name: schedule.name }) : t("form.title")}
      width="wide"
      actions={
        <>
          {save.error && <Refused error={save.error} />}
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={save.isPending}>
            {schedule ? t("form.change") : t("form.create")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-5 md:grid-cols-2">
        <div className="grid content-start gap-4">
          <What form={form} change={change} isTried={isTried} isNew={schedule === null} />
          <When form={form} change={change} />
        </div>
        <div className="grid content-start gap-4">
          <RulePreview rule={ruleOf(form)} />
          <Policies form={form} change={change} />
        </div>
      </form>
    </Dialog>
  );
}

type PartProps = { form: ScheduleForm; change(changes: Partial<ScheduleForm>): void };

function What({ form, change, isTried, isNew }: PartProps & { isTried: boolean; isNew: boolean }) {
  const { t } = useTranslation("schedules");
  const { data, hasNextPage } = useWorkflows();
  const isNoneKnown =
    data?.pages.every(({ items }) => items.every(({ status }) => status !== "published")) === true;
  return (
    <>
      <Field label={t("form.name")} error={isTried && form.name.trim() === "" && t("form.nameMissing")}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus={isNew}
            maxLength={255}
            value={form.name}
            placeholder={t("form.nameExample")}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={t("form.workflow")}
        help={isNoneKnown && !hasNextPage ? t("form.noneIsPublished") : undefined}
        error={isTried && form.workflow === "" && t("form.workflowMissing")}
      >
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
    </>
  );
}

function When({ form, change }: PartProps) {
  const { t } = useTranslation("schedules");
  const zoneListId = useId();
  const { kind } = form;
  return (
    <fieldset className="grid gap-4">
      <legend className="mb-2 font-medium text-xs">{t("form.when")}</legend>
      <div>
        <SegmentedControl
          label={t("form.when")}
          value={kind}
          onChange={(next) => change({ kind: next })}
          segments={kinds.map((value) => ({ value, label: t(`form.kind.${value}`) }))}
        />
      </div>
      <Field label={t(`form.kind.${kind}`)} help={t(`form.help.${kind}`)}>
        {(ids) =>
          kind === "interval" ? (
            <Input
              {...ids}
              dir="ltr"
              className="font-mono"
              value={form.interval}
              onChange={(event) => change({ interval: event.target.value })}
            />
          ) : (
            <Textarea
              {...ids}
              mono
              rows={kind === "cron" ? 2 : 3}
              value={form[kind]}
              onChange={(event) => change({ [kind]: event.target.value })}
            />
          )
        }
      </Field>
      <Field label={t("form.zone")}>
        {(ids) => (
          <>
            <Input
              {...ids}
              dir="ltr"
              list={zoneListId}
              value={form.timezone}
              onChange={(event) => change({ timezone: event.target.value })}
            />
            <datalist id={zoneListId}>
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </fieldset>
  );
}

function Policies({ form, change }: PartProps) {
  const { t } = useTranslation("schedules");
  const { data: calendars } = useCalendars();
  const named = calendars?.items ?? [];
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Choice
        label={t("form.overlap")}
        value={form.overlap}
        options={overlaps.map((value) => ({ value, label: t(`overlap.${value}`) }))}
        onChange={(overlap) => change({ overlap: overlap as ScheduleForm["overlap"] })}
      />
      <Choice
        label={t("form.missed")}
        value={form.missed}
        options={missedPolicies.map((value) => ({ value, label: t(`missed.${value}`) }))}
        onChange={(missed) => change({ missed: missed as ScheduleForm["missed"] })}
      />
      {form.missed === "window" && (
        <Amount
          label={t("form.missedMinutes")}
          value={form.missedMinutes}
          onChange={(missedMinutes) => change({ missedMinutes })}
        />
      )}
      <Choice
        label={t("form.gap")}
        value={form.gap || AUTOMATIC}
        options={[
          { value: AUTOMATIC, label: t("form.automatic") },
          ...gaps.map((value) => ({ value, label: t(`gap.${value}`) })),
        ]}
        onChange={(gap) => change({ gap: gap === AUTOMATIC ? "" : (gap as ScheduleForm["gap"]) })}
      />
      <Choice
        label={t("form.repeat")}
        value={form.repeat || AUTOMATIC}
        options={[
          { value: AUTOMATIC, label: t("form.automatic") },
          ...repeats.map((value) => ({ value, label: t(`repeat.${value}`) })),
        ]}
        onChange={(repeat) =>
          change({ repeat: repeat === AUTOMATIC ? "" : (repeat as ScheduleForm["repeat"]) })
        }
      />
      <Amount
        label={t("form.pauseAfterFailures")}
        value={form.pauseAfterFailures}
        placeholder={t("form.never")}
        onChange={(pauseAfterFailures) => change({ pauseAfterFailures })}
      />
      <Amount
        label={t("form.jitter")}
        value={form.jitterSeconds}
        placeholder="0"
        onChange={(jitterSeconds) => change({ jitterSeconds })}
      />
      {named.length > 0 && (
        <Choice
          label={t("form.calendar")}
          value={form.calendar || NONE}
          options={[
            { value: NONE, label: t("form.noCalendar") },
            ...named.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={(calendar) => change({ calendar: calendar === NONE ? "" : calendar })}
        />
      )}
    </div>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange(value: string): void;
};

function Choice({ label, ...rest }: ChoiceProps) {
  return <Field label={label}>{(ids) => <Select {...ids} {...rest} />}</Field>;
}

type AmountProps = { label: string; value: string; placeholder?: string; onChange(value: string): void };

function Amount({ label, value, placeholder, onChange }: AmountProps) {
  return (
    <Field label={label}>
      {(ids) => (
        <Input
          {...ids}
          inputMode="numeric"
          value={value}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value.replace(/[^\d.]/g, ""))}
        />
      )}
    </Field>
  );
}

function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation("schedules");
  const { t: say } = useTranslation("ui");
  const { title, remedy, problems } = describeError(error, say);
  const isStale = error instanceof ApiError && error.code === "SCHEDULE_CHANGED";
  return (
    <p role="alert" className="me-auto max-w-lg text-fail text-xs">
      {isStale ? t("form.stale") : (problems[0]?.message ?? title)} {problems[0]?.remedy ?? remedy}
    </p>
  );
}
