// The coming four weeks, day by day, in the person's own zone: what fires when. What fires too often to be listed is
// counted above.
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useUpcoming } from "../api/schedules.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { useSaid } from "../said/useSaid.ts";
import { classes } from "../ui/classes.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useWidthStep } from "../ui/useMediaQuery.ts";
import { useView } from "../useView.ts";
import { daysOf, groupByDay, type Upcoming } from "./calendarDays.ts";

const WEEKS = 4;
const SHOWN_MAX = 5;
const LISTED_MAX = 500;
const DENSE_SHOWN_MAX = 12;
/** One below the other there: the days are what the page is for. */
const DENSE_ON_PHONE_MAX = 3;

export function CalendarView() {
  const { t } = useTranslation("schedules");
  const [view, change] = useView();
  const page = Number(view.get("weeks") ?? "0") || 0;
  const { language } = useFormat();
  const today = new Date().toDateString();
  // A new day is a new calendar.
  const days = useMemo(() => daysOf(new Date(today), page * WEEKS, WEEKS), [today, page]);
  const [first, last] = [days[0] as Date, days.at(-1) as Date];
  const range = useMemo(
    () => ({
      from: new Date(Math.max(first.getTime(), Date.now())).toISOString(),
      to: new Date(last.getTime() + 86_399_999).toISOString(),
    }),
    [first, last],
  );
  const { data, error, refetch, isFetching } = useUpcoming(range);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const byDay = groupByDay(data.items);
  // The earliest are listed first: of the days behind the last one nothing is known.
  const knownTo = data.isComplete ? last : new Date(data.items.at(-1)?.at ?? first);
  const title = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
  const move = (by: number) => change({ weeks: page + by === 0 ? undefined : String(page + by) });
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto">
      <div className="flex flex-wrap items-center gap-2">
        <IconButton
          icon={ChevronLeft}
          label={t("calendar.before")}
          onClick={() => move(-1)}
          disabled={page <= 0}
          className="rtl:-scale-x-100"
        />
        <h2 className="font-semibold text-sm">{title.formatRange(first, last)}</h2>
        <IconButton
          icon={ChevronRight}
          label={t("calendar.after")}
          onClick={() => move(1)}
          className="rtl:-scale-x-100"
        />
        {!data.isComplete && (
          <p className="rounded-sm bg-wait-soft px-1.5 py-0.5 font-medium text-2xs text-wait">
            {t("calendar.incomplete", { day: title.format(knownTo) })}
          </p>
        )}
      </div>
      {data.dense.length > 0 && <Dense dense={data.dense} />}
      <ol className="grid shrink-0 grid-cols-1 gap-px overflow-hidden rounded-lg border border-line bg-line md:grid-cols-7">
        {days.map((day) => (
          <Day
            key={day.toISOString()}
            day={day}
            fires={byDay.get(day.toDateString()) ?? []}
            isToday={day.toDateString() === today}
            isKnown={day <= knownTo}
          />
        ))}
      </ol>
    </div>
  );
}

function Dense({ dense }: { dense: readonly { scheduleId: string; name: string; perDay: number }[] }) {
  const { t } = useTranslation("schedules");
  const format = useFormat();
  const [areAll, setAreAll] = useState(false);
  const shownMax = useWidthStep() === "phone" ? DENSE_ON_PHONE_MAX : DENSE_SHOWN_MAX;
  const rest = dense.length - shownMax;
  return (
    <ul className="flex flex-wrap items-center gap-2">
      {dense.slice(0, areAll ? LISTED_MAX : shownMax).map(({ scheduleId, name, perDay }) => (
        <li key={scheduleId}>
          <Link
            to={paths.schedules({ view: "calendar", open: scheduleId })}
            className="inline-flex items-center gap-1.5 rounded-md border border-line bg-panel px-2 py-1 text-xs hover:bg-hover pointer-coarse:min-h-10"
          >
            <span dir="auto">{name}</span>
            <span className="text-muted">
              {t("calendar.perDay", { count: perDay, number: format.number(perDay) })}
            </span>
          </Link>
        </li>
      ))}
      {rest > 0 && (
        <li>
          <button
            type="button"
            aria-expanded={areAll}
            onClick={() => setAreAll(!areAll)}
            className="min-h-6 rounded-sm px-1 text-muted text-xs hover:text-text hover:underline pointer-coarse:min-h-10"
          >
            {areAll ? t("calendar.fewer") : t("calendar.more", { count: rest })}
          </button>
        </li>
      )}
    </ul>
  );
}

type DayProps = { day: Date; fires: readonly Upcoming[]; isToday: boolean; isKnown: boolean };

function Day({ day, fires, isToday, isKnown }: DayProps) {
  const { t } = useTranslation("schedules");
  const said = useSaid();
  const [areAll, setAreAll] = useState(false);
  const { language } = useFormat();
  const label = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" });
  const clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
  return (
    <li
      className={classes(
        "min-h-14 p-2 md:min-h-28",
        fires.length === 0 && !isToday && "max-md:hidden",
        isToday ? "bg-accent-soft" : isKnown ? "bg-panel" : "bg-sunken",
      )}
    >
      <p className={classes("mb-1 text-xs", isToday ? "font-semibold text-accent-text" : "text-muted")}>
        {label.format(day)}
      </p>
      {!isKnown && <p className="text-faint text-xs">{t("calendar.unknown")}</p>}
      <ul className={classes("grid", areAll && "max-h-72 overflow-y-auto")}>
        {fires.slice(0, areAll ? LISTED_MAX : SHOWN_MAX).map((fire) => (
          <li key={`${fire.scheduleId} ${fire.at}`}>
            <Link
              to={paths.schedules({ view: "calendar", open: fire.scheduleId })}
              title={fire.note && said(fire.note, fire.noteParts).text}
              className="flex min-h-6 min-w-0 items-center gap-1.5 rounded-sm px-1 text-xs hover:bg-hover pointer-coarse:min-h-10"
            >
              <span className="shrink-0 text-muted tabular-nums">{clock.format(Date.parse(fire.at))}</span>
              <span dir="auto" className="truncate">
                {fire.name}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {fires.length > SHOWN_MAX && (
        <button
          type="button"
          aria-expanded={areAll}
          onClick={() => setAreAll(!areAll)}
          className="min-h-6 rounded-sm px-1 text-muted text-xs hover:text-text hover:underline pointer-coarse:min-h-10"
        >
          {areAll ? t("calendar.fewer") : t("calendar.more", { count: fires.length - SHOWN_MAX })}
        </button>
      )}
    </li>
  );
}
