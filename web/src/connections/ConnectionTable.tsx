// The rows: which connection, what it is good for, whether it is well, when it was used.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Connection } from "../api/connections.ts";
import { useConnectionKinds } from "../connectionKinds/useConnectionKinds.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import type { Tone } from "../ui/Status.tsx";
import { useWidthStep } from "../ui/useMediaQuery.ts";
import { ConnectionMenu } from "./ConnectionMenu.tsx";

type ConnectionTableProps = {
  rows: readonly Connection[];
  hasMore: boolean;
  onNearEnd(): void;
  onEdit(connection: Connection): void;
};

export function ConnectionTable({ rows, hasMore, onNearEnd, onEdit }: ConnectionTableProps) {
  const { t } = useTranslation("connections");
  const isPhone = useWidthStep() === "phone";
  const columns: Column<Connection>[] = [
    { id: "name", header: t("columns.name"), width: "minmax(0, 1.4fr)", cell: (row) => <Name row={row} /> },
    {
      id: "for",
      header: t("columns.for"),
      width: "minmax(0, 1fr)",
      from: "tablet",
      cell: (row) => (
        <span dir="ltr" className="block truncate font-mono text-xs rtl:text-right">
          {placesOf(row)}
        </span>
      ),
    },
    {
      id: "health",
      header: t("columns.health"),
      width: isPhone ? "7rem" : "9rem",
      cell: (row) => <Health of={row} />,
    },
    {
      id: "used",
      header: t("columns.used"),
      width: "9rem",
      from: "desk",
      cell: (row) =>
        row.lastUsedAt === null ? (
          <span className="text-muted">{t("never")}</span>
        ) : (
          <span className="relative z-1">
            <RelativeTime at={row.lastUsedAt} />
          </span>
        ),
    },
    {
      id: "actions",
      header: t("columns.actions"),
      isHeaderHidden: true,
      width: "2.5rem",
      align: "end",
      cell: (row) => (
        <div className="relative z-1">
          <ConnectionMenu connection={row} onEdit={() => onEdit(row)} />
        </div>
      ),
    },
  ];
  return (
    <DataTable
      label={t("title")}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      rowHeight={56}
      {...(hasMore ? { total: -1 } : {})}
      onNearEnd={onNearEnd}
      className="max-w-[110rem]"
    />
  );
}

function Name({ row }: { row: Connection }) {
  const kind = useConnectionKinds()?.find(({ type }) => type === row.type);
  return (
    <div className="min-w-0">
      <Link
        to={paths.connections({ open: row.id })}
        data-row-link
        dir="auto"
        className="block truncate rounded-sm font-medium after:absolute after:inset-0 rtl:text-right"
      >
        {row.name}
      </Link>
      <p className="truncate text-muted text-xs">{kind?.name ?? row.type}</p>
    </div>
  );
}

const tones: Record<Connection["health"], Tone> = {
  good: "ok",
  untested: "quiet",
  failing: "fail",
  expired: "fail",
  reconnect: "wait",
};

export function Health({ of }: { of: Connection }) {
  const { t } = useTranslation("connections");
  return <Badge tone={tones[of.health]}>{t(`health.${of.health}`)}</Badge>;
}

/** Where its secret may go: the hosts that were named, or the one among its values. */
export function placesOf({ hosts, values }: Connection): string {
  if (hosts.length > 0) return hosts.join(", ");
  const { host, port, baseUrl } = values as { host?: unknown; port?: unknown; baseUrl?: unknown };
  if (typeof host === "string") return port === undefined ? host : `${host}:${String(port)}`;
  return typeof baseUrl === "string" ? baseUrl.replace(/^https?:\/\//, "") : "";
}
