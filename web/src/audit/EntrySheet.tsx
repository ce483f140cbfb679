// One entry: who, when, from where, and what became different, before beside after.
import { useTranslation } from "react-i18next";
import { type AuditChange, type AuditEntry, useAuditEntry } from "../api/audit.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Sheet } from "../ui/Sheet.tsx";
import { Shown } from "../ui/Shown.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { Kind, titleOf } from "./AuditTable.tsx";

export function EntrySheet({ seq, onClose }: { seq: string; onClose(): void }) {
  const { t } = useTranslation("audit");
  const asked = useAuditEntry(seq);
  return (
    <Sheet open width="wide" onOpenChange={(isOpen) => !isOpen && onClose()} title={t("entry", { seq })}>
      <Shown
        asked={asked}
        loading={<SkeletonRows label={t("loading")} />}
        nameOf={() => t("entry", { seq })}
        onBack={onClose}
      >
        {(entry) => (
          <div className="grid gap-6">
            <div className="grid gap-2">
              <p>
                <Kind of={entry} />
              </p>
              <p dir="auto" className="break-words font-semibold text-lg">
                {titleOf(entry) ?? t("nobody")}
              </p>
              {entry.outcome === "unknown" && (
                <p className="rounded-md bg-wait-soft px-3 py-2 text-sm text-wait">{t("unknown")}</p>
              )}
            </div>
            <Facts entry={entry} />
            <Changes entry={entry} />
          </div>
        )}
      </Shown>
    </Sheet>
  );
}

function Facts({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("audit");
  const format = useFormat();
  const at = format.exact(Date.parse(entry.at));
  const facts: [label: string, value: string | null][] = [
    [t("facts.who"), entry.actor],
    [t("facts.role"), `${entry.role} (${entry.via})`],
    [t("facts.at"), at],
    [t("facts.address"), entry.address],
    [t("facts.what"), entry.what],
    [t("facts.action"), entry.action],
    [t("facts.object"), entry.object],
    [t("facts.code"), entry.code],
    [t("facts.count"), entry.count === undefined || entry.count < 2 ? null : String(entry.count)],
    [t("facts.request"), entry.requestId],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      {facts
        .filter(([, value]) => value !== null && value !== "")
        .map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            {/* A moment is written as the language of the person has it, everything else as machines do. */}
            <dd {...(value === at ? {} : { dir: "ltr" })} className="break-words rtl:text-right">
              {value}
            </dd>
          </div>
        ))}
    </dl>
  );
}

function Changes({ entry: { changes, kind, fields } }: { entry: AuditEntry }) {
  const { t } = useTranslation("audit");
  if (kind !== "change") return null;
  if (changes === null)
    return (
      <p className="text-muted text-sm">
        {t("notCompared")} {fields.length > 0 && t("fields", { names: fields.join(", ") })}
      </p>
    );
  if (changes.length === 0) return <p className="text-muted text-sm">{t("nothingChanged")}</p>;
  return (
    <section className="grid gap-2" aria-label={t("changes")}>
      <h3 className="font-semibold text-sm">{t("changes")}</h3>
      <ol className="divide-y divide-line rounded-lg border border-line">
        {changes.map((change) => (
          <li key={change.path} className="grid gap-1.5 p-3">
            <p dir="ltr" className="break-all font-mono text-muted text-xs rtl:text-right">
              {change.path}
            </p>
            <div className="grid gap-1.5 sm:grid-cols-2">
              <Side change={change} side="before" />
              <Side change={change} side="after" />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

const looks = { before: "bg-fail-soft text-fail", after: "bg-ok-soft text-ok" };

function Side({ change, side }: { change: AuditChange; side: "before" | "after" }) {
  const { t } = useTranslation("audit");
  const value = change[side];
  if (value === undefined)
    return (
      <p className="rounded-md border border-line border-dashed px-2 py-1 text-faint text-xs">
        {t(side === "before" ? "wasNot" : "isGone")}
      </p>
    );
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <div className={`min-w-0 rounded-md px-2 py-1 text-xs ${looks[side]}`}>
      <span className="sr-only">{t(side)}</span>
      <pre dir="auto" className="whitespace-pre-wrap break-words font-mono">
        {text}
      </pre>
    </div>
  );
}
