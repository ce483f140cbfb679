// Makes or changes a calendar: days, one by one or pasted, of a year or of every year.
import { X } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type NamedCalendar, useSaveCalendar } from "../api/schedules.ts";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { toast } from "../ui/toasts.ts";

type Props = { calendar: NamedCalendar | null; onClose(): void };

export function CalendarDialog({ calendar, onClose }: Props) {
  const { t } = useTranslation("schedules");
  const { t: say } = useTranslation("ui");
  const formId = useId();
  const save = useSaveCalendar();
  const [name, setName] = useState(calendar?.name ?? "");
  const [dates, setDates] = useState<readonly string[]>(calendar?.dates ?? []);
  const [day, setDay] = useState("");
  const [isYearly, setIsYearly] = useState(false);
  const add = () => {
    if (day === "") return;
    setDates([...new Set([...dates, isYearly ? day.slice(5) : day])].sort());
    setDay("");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { name: name.trim(), dates: [...dates] },
      {
        onSuccess: () => {
          toast.success(t("calendars.saved", { name: name.trim() }));
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
      title={calendar ? t("calendars.edit", { name: calendar.name }) : t("calendars.new")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            tone="primary"
            busy={save.isPending}
            disabled={name.trim() === ""}
          >
            {t("calendars.save")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        {!calendar && (
          <Field label={t("calendars.name")} help={t("calendars.nameHelp")}>
            {(ids) => (
              <Input
                {...ids}
                autoFocus
                required
                dir="ltr"
                pattern="[A-Za-z0-9._\-]{1,100}"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label={t("calendars.day")} help={t("calendars.dayHelp")}>
          {(ids) => (
            <div className="flex flex-wrap items-center gap-2">
              <Input
                {...ids}
                type="date"
                dir="ltr"
                className="w-44"
                value={day}
                onChange={(event) => setDay(event.target.value)}
              />
              <Button onClick={add} disabled={day === ""}>
                {t("calendars.add")}
              </Button>
            </div>
          )}
        </Field>
        <Checkbox label={t("calendars.yearly")} checked={isYearly} onChange={setIsYearly} />
        <ul aria-label={t("calendars.listOf")} className="flex max-h-60 flex-wrap gap-1.5 overflow-y-auto">
          {dates.map((date) => (
            <li
              key={date}
              className="flex items-center gap-1 rounded-md border border-line bg-sunken ps-2 text-xs"
            >
              <span dir="ltr" className="font-mono">
                {date}
              </span>
              <button
                type="button"
                aria-label={t("calendars.removeDay", { date })}
                onClick={() => setDates(dates.filter((one) => one !== date))}
                className="grid size-6 place-items-center rounded-md text-muted hover:bg-hover hover:text-text pointer-coarse:size-9"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
          {dates.length === 0 && <li className="text-muted text-xs">{t("calendars.noDays")}</li>}
        </ul>
        {error && (
          <p role="alert" className="text-fail text-xs">
            {error.problems[0]?.message ?? error.title} {error.problems[0]?.remedy ?? error.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}
