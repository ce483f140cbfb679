// What starts by itself within the next day. Not shown where nothing is scheduled: then it is nobody's question.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useUpcomingFires } from "../api/schedules.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { useSaid } from "../said/useSaid.ts";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Panel } from "./Panel.tsx";

const HOURS = 24;
const SHOWN = 5;

export function UpcomingFires() {
  const { t } = useTranslation("home");
  const format = useFormat();
  const said = useSaid();
  const { data } = useUpcomingFires(HOURS);
  if (!data || data.items.length + data.dense.length === 0) return null;
  const rows = [
    ...data.dense.map(({ scheduleId, name, firstAt, perDay }) => ({
      id: scheduleId,
      name,
      at: firstAt,
      note: t("upcoming.perDay", { count: perDay, shown: format.number(perDay) }),
    })),
    ...data.items.map(({ scheduleId, name, at, note, noteParts }) => ({
      ...{ id: scheduleId, name, at },
      note: note && said(note, noteParts).text,
    })),
  ].toSorted((a, b) => a.at.localeCompare(b.at));
  return (
    <Panel
      title={t("upcoming.title")}
      aside={
        <Link
          to={paths.schedules({ view: "calendar" })}
          className="rounded-sm text-accent-text text-xs hover:underline"
        >
          {t("upcoming.calendar")}
        </Link>
      }
    >
      <ul>
        {rows.slice(0, SHOWN).map((row) => (
          <li
            key={`${row.id} ${row.at}`}
            className="group relative flex items-baseline gap-2.5 border-line border-t py-2.5 first:border-t-0"
          >
            <Link
              to={paths.schedules({ open: row.id })}
              dir="auto"
              className="min-w-0 flex-1 truncate rounded-sm font-medium after:absolute after:inset-0 group-hover:underline rtl:text-right"
            >
              {row.name}
            </Link>
            {row.note !== undefined && <span className="truncate text-muted text-xs">{row.note}</span>}
            <span className="relative z-1 shrink-0 text-muted text-xs">
              <RelativeTime at={row.at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
