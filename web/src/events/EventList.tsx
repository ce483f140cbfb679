// Events of the last days, the newest first; one of them opens with all it says.
import { Radio } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type StoredEvent, useEvents } from "../api/events.ts";
import { paths } from "../paths.ts";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import type { Column } from "../ui/DataTable.tsx";
import { JsonTree } from "../ui/JsonTree.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useView } from "../useView.ts";
import { ListOf } from "./ListOf.tsx";

export function EventList() {
  const { t } = useTranslation("events");
  const [view, change] = useView();
  const type = view.get("type") ?? "";
  const asked = useEvents(type);
  const opened = asked.data?.pages
    .flatMap(({ items }) => items)
    .find(({ position }) => String(position) === view.get("open"));
  const columns: Column<StoredEvent>[] = [
    {
      id: "event",
      header: t("columns.event"),
      width: "minmax(0, 1.3fr)",
      cell: (row) => <Name row={row} type={type} />,
    },
    {
      id: "subject",
      header: t("columns.subject"),
      width: "minmax(0, 1fr)",
      from: "tablet",
      cell: ({ event }) => (
        <span dir="auto" className="truncate">
          {event.subject ?? ""}
        </span>
      ),
    },
    {
      id: "source",
      header: t("columns.source"),
      width: "minmax(0, 1fr)",
      from: "desk",
      cell: ({ event }) => (
        <span dir="ltr" className="truncate font-mono text-muted text-xs">
          {event.source}
        </span>
      ),
    },
    {
      id: "received",
      header: t("columns.received"),
      width: "8rem",
      align: "end",
      cell: ({ receivedAt }) => <RelativeTime at={receivedAt} />,
    },
  ];
  const kind = type === "" ? "events" : "filtered";
  return (
    <>
      <SearchInput
        label={t("filter")}
        placeholder={t("filter")}
        value={type}
        onChange={(value) => change({ type: value })}
        className="max-w-sm"
      />
      <ListOf
        asked={asked}
        columns={columns}
        rowKey={({ position }) => String(position)}
        label={t("title")}
        icon={Radio}
        empty={{
          title: t(`empty.${kind}.title`),
          text: kind === "events" ? <HowToPublish /> : t("empty.filtered.text"),
        }}
      />
      <Sheet
        open={opened !== undefined}
        onOpenChange={(isOpen) => !isOpen && change({ open: undefined })}
        title={t("details", { type: opened?.event.type ?? "" })}
        width="wide"
      >
        {opened && <JsonTree value={opened.event} openDepth={3} />}
      </Sheet>
    </>
  );
}

function HowToPublish() {
  const { t } = useTranslation("events");
  const lines = [
    `curl ${location.origin}/api/v1/events \\`,
    `  -H 'authorization: Bearer KEY' -H 'content-type: application/json' \\`,
    `  -d '{"type": "order.created", "data": {"id": 1}}'`,
  ];
  return (
    <div className="grid gap-3">
      <p>{t("empty.events.text")}</p>
      <CodeBlock text={lines.join("\n")} label={t("empty.events.example")} />
    </div>
  );
}

function Name({ row: { event, position }, type }: { row: StoredEvent; type: string }) {
  const { t } = useTranslation("events");
  return (
    <div className="min-w-0">
      <Link
        to={paths.events({ open: String(position), ...(type === "" ? {} : { type }) })}
        data-row-link
        dir="ltr"
        className="block truncate rounded-sm font-mono text-sm after:absolute after:inset-0 rtl:text-right"
      >
        {event.type}
      </Link>
      <p className="truncate text-muted text-xs">{t("position", { position })}</p>
    </div>
  );
}
