// What of the log is shown; every part stands in the address.
import { X } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AuditFilter } from "../api/audit.ts";
import { Button } from "../ui/Button.tsx";
import { Input } from "../ui/Input.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { Select } from "../ui/Select.tsx";
import { useView } from "../useView.ts";

const kinds = ["change", "denial", "signIn", "signInFailed", "signOut", "export"] as const;
const names = ["kind", "actor", "object", "day"] as const;
const ALL = "all";
const TYPING_MS = 300;

/** A day is one of the person's own time zone. */
export function filterOf(view: URLSearchParams): AuditFilter {
  const kind = kinds.find((one) => one === view.get("kind"));
  const [actor, object, day] = [view.get("actor"), view.get("object"), view.get("day")];
  const begin = day === null ? Number.NaN : new Date(`${day}T00:00`).getTime();
  return {
    ...(kind ? { kind } : {}),
    ...(actor ? { actor } : {}),
    ...(object ? { object } : {}),
    ...(Number.isNaN(begin)
      ? {}
      : { from: new Date(begin).toISOString(), to: new Date(begin + 86_400_000).toISOString() }),
  };
}

export function AuditFilters() {
  const { t } = useTranslation("audit");
  const [view, change] = useView();
  const dayId = useId();
  const isFiltered = names.some((name) => view.has(name));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Select
        aria-label={t("filter.kind")}
        value={view.get("kind") ?? ALL}
        onChange={(value) => change({ kind: value === ALL ? undefined : value })}
        options={[
          { value: ALL, label: t("filter.everything") },
          ...kinds.map((value) => ({ value, label: t(`kind.${value}`) })),
        ]}
        className="w-44 max-sm:w-36"
      />
      <label htmlFor={dayId} className="flex items-center gap-2 text-muted text-xs max-sm:flex-1">
        <span className="shrink-0">{t("filter.day")}</span>
        <Input
          id={dayId}
          type="date"
          value={view.get("day") ?? ""}
          onChange={(event) => change({ day: event.target.value })}
          className="w-40 max-sm:w-full"
        />
      </label>
      <TextFilter name="actor" label={t("filter.actor")} />
      <TextFilter name="object" label={t("filter.object")} />
      {isFiltered && (
        <Button
          tone="quiet"
          onClick={() => change(Object.fromEntries(names.map((name) => [name, undefined])))}
        >
          <X aria-hidden className="size-4" />
          {t("filter.clear")}
        </Button>
      )}
    </div>
  );
}

/** The address follows when the person pauses; it leads when somebody comes back to it. */
function TextFilter({ name, label }: { name: "actor" | "object"; label: string }) {
  const [view, change] = useView();
  const given = view.get(name) ?? "";
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  useEffect(() => {
    if (text === given) return;
    const timer = setTimeout(() => change({ [name]: text.trim() }), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return <SearchInput label={label} value={text} onChange={setText} className="w-72 max-sm:w-full" />;
}
