// Named calendars: days on which schedules that exclude them do not fire. Made, changed and deleted here.
import { CalendarOff, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type NamedCalendar, useCalendars, useDeleteCalendar } from "../api/schedules.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { CalendarDialog } from "./CalendarDialog.tsx";

const SHOWN_MAX = 12;

export function CalendarsView() {
  const { t } = useTranslation("schedules");
  const [edited, setEdited] = useState<NamedCalendar | "new" | null>(null);
  const { data, error, refetch, isFetching } = useCalendars();
  const make = (
    <Button tone={data?.items.length === 0 ? "primary" : "normal"} onClick={() => setEdited("new")}>
      <Plus aria-hidden className="size-4" />
      {t("calendars.new")}
    </Button>
  );
  return (
    <>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />}
      {!error && !data && <SkeletonRows label={t("calendars.loading")} />}
      {data?.items.length === 0 && (
        <EmptyState icon={CalendarOff} title={t("calendars.empty.title")} actions={make}>
          {t("calendars.empty.text")}
        </EmptyState>
      )}
      {data && data.items.length > 0 && (
        <div className="grid max-w-[70rem] gap-4">
          <div>{make}</div>
          <ul className="grid items-start gap-4 lg:grid-cols-2">
            {data.items.map((calendar) => (
              <CalendarCard key={calendar.name} calendar={calendar} onEdit={() => setEdited(calendar)} />
            ))}
          </ul>
        </div>
      )}
      {edited && (
        <CalendarDialog calendar={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
    </>
  );
}

function CalendarCard({ calendar, onEdit }: { calendar: NamedCalendar; onEdit(): void }) {
  const { t } = useTranslation("schedules");
  const format = useFormat();
  const tellFailure = useTellFailure();
  const remove = useDeleteCalendar();
  const { name, dates } = calendar;
  const ask = async () => {
    const question = {
      title: t("calendars.delete.title", { name }),
      description: t("calendars.delete.text"),
      action: t("calendars.delete.action"),
    };
    if (await confirm({ ...question, danger: true }))
      remove.mutate(name, {
        onSuccess: () => toast.success(t("calendars.delete.done", { name })),
        onError: tellFailure,
      });
  };
  return (
    <li className="grid gap-3 rounded-lg border border-line bg-panel p-4">
      <div className="flex items-center gap-2">
        <h2 dir="auto" className="min-w-0 flex-1 truncate font-semibold">
          {name}
        </h2>
        <Badge>{t("calendars.days", { count: dates.length, number: format.number(dates.length) })}</Badge>
        <IconButton size="small" icon={Pencil} label={t("calendars.edit", { name })} onClick={onEdit} />
        <IconButton
          size="small"
          icon={Trash2}
          label={t("calendars.remove", { name })}
          onClick={() => void ask()}
        />
      </div>
      <p dir="ltr" className="flex flex-wrap gap-1.5 font-mono text-xs rtl:justify-end">
        {dates.slice(0, SHOWN_MAX).map((date) => (
          <span key={date} className="rounded-sm bg-sunken px-1.5 py-0.5">
            {date}
          </span>
        ))}
        {dates.length > SHOWN_MAX && <span className="text-muted">+{dates.length - SHOWN_MAX}</span>}
      </p>
    </li>
  );
}
