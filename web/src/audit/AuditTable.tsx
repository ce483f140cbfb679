// The rows: when, who, what.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { AuditEntry } from "../api/audit.ts";
import { Badge } from "../ui/Badge.tsx";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import type { Tone } from "../ui/Status.tsx";
import { useView } from "../useView.ts";

type AuditTableProps = { rows: readonly AuditEntry[]; hasMore: boolean; onNearEnd(): void };

export function AuditTable({ rows, hasMore, onNearEnd }: AuditTableProps) {
  const { t } = useTranslation("audit");
  const columns: Column<AuditEntry>[] = [
    { id: "what", header: t("columns.what"), width: "minmax(0, 1.6fr)", cell: (row) => <What row={row} /> },
    {
      id: "kind",
      header: t("columns.kind"),
      width: "9rem",
      from: "tablet",
      cell: (row) => <Kind of={row} />,
    },
    {
      id: "who",
      header: t("columns.who"),
      width: "minmax(0, 1fr)",
      from: "tablet",
      cell: (row) => <Who row={row} />,
    },
    {
      id: "address",
      header: t("columns.address"),
      width: "9rem",
      from: "wide",
      cell: ({ address }) => (
        <span dir="ltr" className="block truncate font-mono text-muted text-xs rtl:text-right">
          {address}
        </span>
      ),
    },
    {
      id: "at",
      header: t("columns.at"),
      width: "7.5rem",
      align: "end",
      cell: ({ at }) => (
        <span className="relative z-1 text-muted text-xs">
          <RelativeTime at={at} />
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t("title")}
      columns={columns}
      rows={rows}
      rowKey={({ seq }) => String(seq)}
      rowHeight={56}
      {...(hasMore ? { total: -1 } : {})}
      onNearEnd={onNearEnd}
      className="max-w-[110rem]"
    />
  );
}

function What({ row }: { row: AuditEntry }) {
  const { t } = useTranslation("audit");
  const [view] = useView();
  const search = new URLSearchParams(view);
  search.set("open", String(row.seq));
  return (
    <div className="min-w-0">
      <Link
        to={{ search: search.toString() }}
        replace
        data-row-link
        dir="auto"
        className="block truncate rounded-sm font-medium after:absolute after:inset-0 rtl:text-right"
      >
        {titleOf(row) ?? t("nobody")}
      </Link>
      <p dir="ltr" className="truncate font-mono text-muted text-xs rtl:text-right">
        {row.what}
      </p>
    </div>
  );
}

/** Of a sign-in it is the person that counts; undefined = an account that there is not. */
export function titleOf({ kind, actor, name, object, action }: AuditEntry): string | undefined {
  const isAboutPerson = kind === "signIn" || kind === "signOut" || kind === "signInFailed";
  if (!isAboutPerson) return name ?? object ?? action;
  return actor === "anonymous" ? undefined : actor.replace(/^user:/, "");
}

function Who({ row: { actor, role } }: { row: AuditEntry }) {
  return (
    <div className="min-w-0">
      <p dir="ltr" className="truncate text-sm rtl:text-right">
        {actor.replace(/^(user|key):/, "")}
      </p>
      <p className="truncate text-muted text-xs">{role}</p>
    </div>
  );
}

const tones: Record<AuditEntry["kind"], Tone> = {
  change: "accent",
  denial: "fail",
  signIn: "ok",
  signInFailed: "fail",
  signOut: "quiet",
  export: "wait",
};

export function Kind({ of }: { of: AuditEntry }) {
  const { t } = useTranslation("audit");
  return <Badge tone={of.outcome === "unknown" ? "wait" : tones[of.kind]}>{t(`kind.${of.kind}`)}</Badge>;
}
