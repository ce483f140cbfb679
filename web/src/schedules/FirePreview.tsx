// The next fires of a rule, each with what is special about it: asked of the server while the rule is being written.
import type { SentencePart } from "@auraos/contract";
import { CalendarClock, Info } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Rule, usePreview } from "../api/schedules.ts";
import { Said } from "../said/Said.tsx";
import { useSaid } from "../said/useSaid.ts";
import { describeError } from "../ui/describeError.ts";
import { RelativeTime } from "../ui/RelativeTime.tsx";

const WRITING_MS = 250;

export function RulePreview({ rule }: { rule: Rule | null }) {
  const { t } = useTranslation("schedules");
  const { t: say } = useTranslation("ui");
  const said = useSaid();
  const asked = useSettled(rule);
  const { data, error, isPlaceholderData } = usePreview(asked);
  const problem = error === null ? null : describeError(error, say);
  return (
    <section aria-label={t("preview.title")} aria-live="polite" className="rounded-md bg-sunken p-3">
      <h3 className="mb-2 flex items-center gap-1.5 font-medium text-xs">
        <CalendarClock aria-hidden className="size-3.5 text-muted" />
        {t("preview.title")}
      </h3>
      {asked === null && <p className="text-muted text-xs">{t("preview.nothing")}</p>}
      {problem && (
        <p role="alert" className="text-fail text-xs">
          {problem.problems[0]?.message ?? problem.title} {problem.problems[0]?.remedy ?? problem.remedy}
        </p>
      )}
      {!problem && data && (
        <div className={isPlaceholderData ? "opacity-60" : ""}>
          <Fires fires={data.fires} />
          {data.skipped.slice(0, 3).map(({ at, reason, reasonParts }) => (
            <p key={at} className="mt-1 flex gap-1 text-muted text-xs">
              <Info aria-hidden className="mt-px size-3.5 shrink-0" />
              {t("preview.skipped", { reason: said(reason, reasonParts).text })}
            </p>
          ))}
        </div>
      )}
    </section>
  );
}

type Fire = {
  at: string;
  local: string;
  note?: string | undefined;
  noteParts?: readonly SentencePart[] | undefined;
};

export function Fires({ fires }: { fires: readonly Fire[] }) {
  const { t } = useTranslation("schedules");
  if (fires.length === 0) return <p className="text-muted text-xs">{t("preview.never")}</p>;
  return (
    <ol className="grid gap-1">
      {fires.map(({ at, local, note, noteParts }) => (
        <li key={at} className="text-xs">
          <span className="flex flex-wrap justify-between gap-x-3">
            <span dir="ltr" className="font-mono">
              {localText(local)}
            </span>
            <span className="text-muted">
              <RelativeTime at={at} />
            </span>
          </span>
          {note && (
            <span dir="auto" className="block text-wait rtl:text-right">
              <Said text={note} parts={noteParts} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** 2026-03-29T03:00:00+02:00 as a person reads it; the offset stays, since it is the point on two days of the year. */
export function localText(local: string): string {
  return local.replace("T", " ").replace(/:00([+-]|$)/, "$1");
}

/** The rule as it was when the person last paused in writing. */
function useSettled(rule: Rule | null): Rule | null {
  const [settled, setSettled] = useState(rule);
  const text = JSON.stringify(rule);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as Rule | null), WRITING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
