// Starts what was due in a range of the past: which of it, and whether one after the other.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Backfill, type Schedule, useBackfill } from "../api/schedules.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { toast } from "../ui/toasts.ts";

const DAY_MS = 86_400_000;
const ways = ["bufferAll", "allow", "skip"] as const;

export function BackfillDialog({ schedule, onClose }: { schedule: Schedule; onClose(): void }) {
  const { t } = useTranslation("schedules");
  const { t: say } = useTranslation("ui");
  const format = useFormat();
  const formId = useId();
  const backfill = useBackfill();
  const [range, setRange] = useState(() => ({
    from: localInput(Date.now() - DAY_MS),
    to: localInput(Date.now()),
  }));
  const [which, setWhich] = useState<Backfill["which"]>("missing");
  const [overlap, setOverlap] = useState<Backfill["overlap"]>("bufferAll");
  const error = backfill.error && describeError(backfill.error, say);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [from, to] = [instantOf(range.from), instantOf(range.to)];
    if (from === null || to === null) return;
    backfill.mutate(
      { id: schedule.id, from, to, which, overlap },
      {
        onSuccess: ({ count }) => {
          toast.success(t("backfill.done", { count, number: format.number(count) }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("backfill.title", { name: schedule.name })}
      description={t("backfill.text")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={backfill.isPending}>
            {t("backfill.action")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        {(["from", "to"] as const).map((side) => (
          <Field key={side} label={t(`backfill.${side}`)}>
            {(ids) => (
              <Input
                {...ids}
                type="datetime-local"
                required
                value={range[side]}
                onChange={(event) => setRange({ ...range, [side]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field label={t("backfill.which")}>
          {(ids) => (
            <Select
              {...ids}
              value={which}
              onChange={(value) => setWhich(value as Backfill["which"])}
              options={(["missing", "all"] as const).map((value) => ({
                value,
                label: t(`backfill.${value}`),
              }))}
            />
          )}
        </Field>
        <Field label={t("backfill.way")}>
          {(ids) => (
            <Select
              {...ids}
              value={overlap}
              onChange={(value) => setOverlap(value as Backfill["overlap"])}
              options={ways.map((value) => ({ value, label: t(`backfill.ways.${value}`) }))}
            />
          )}
        </Field>
        {error && (
          <p role="alert" className="text-fail text-xs">
            {error.problems[0]?.message ?? error.title} {error.problems[0]?.remedy ?? error.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}

/** As a field of date and time wants it, in the person's own zone. */
function localInput(ms: number): string {
  const offsetMs = new Date(ms).getTimezoneOffset() * 60_000;
  return new Date(ms - offsetMs).toISOString().slice(0, 16);
}

function instantOf(text: string): string | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
