// Events that could not be delivered: why, and what can be done about it.
import { CircleCheck, RotateCcw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type DeadEvent, useDeadEvents, useDeleteDead, useRedeliver } from "../api/events.ts";
import { confirm } from "../ui/confirmations.ts";
import type { Column } from "../ui/DataTable.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { ListOf, TwoLines } from "./ListOf.tsx";

export function DeadList() {
  const { t } = useTranslation("events");
  const columns: Column<DeadEvent>[] = [
    {
      id: "event",
      header: t("columns.event"),
      width: "minmax(0, 1fr)",
      cell: ({ event, workflowName }) => <TwoLines isCode above={event?.type ?? ""} below={workflowName} />,
    },
    {
      id: "reason",
      header: t("columns.reason"),
      width: "minmax(0, 1.4fr)",
      cell: ({ reason, code }) => <TwoLines above={reason} below={<bdi dir="ltr">{code}</bdi>} />,
    },
    {
      id: "received",
      header: t("columns.received"),
      width: "8rem",
      align: "end",
      from: "tablet",
      cell: ({ at }) => <RelativeTime at={at} />,
    },
    {
      id: "actions",
      header: t("columns.actions"),
      isHeaderHidden: true,
      width: "5rem",
      align: "end",
      cell: ({ id }) => <Actions id={id} />,
    },
  ];
  return (
    <ListOf
      asked={useDeadEvents()}
      columns={columns}
      rowKey={({ id }) => id}
      label={t("tabs.dead")}
      icon={CircleCheck}
      empty={{ title: t("empty.dead.title"), text: t("empty.dead.text") }}
    />
  );
}

function Actions({ id }: { id: string }) {
  const { t } = useTranslation("events");
  const tellFailure = useTellFailure();
  const again = useRedeliver();
  const remove = useDeleteDead();
  async function giveUp(): Promise<void> {
    const isSure = await confirm({
      title: t("confirmDelete.title"),
      description: t("confirmDelete.text"),
      action: t("confirmDelete.yes"),
      danger: true,
    });
    if (isSure) remove.mutate(id, { onError: tellFailure });
  }
  return (
    <div className="flex">
      <IconButton
        icon={RotateCcw}
        label={t("menu.again")}
        size="small"
        onClick={() => again.mutate(id, { onError: tellFailure })}
      />
      <IconButton icon={Trash2} label={t("menu.delete")} size="small" onClick={() => void giveUp()} />
    </div>
  );
}
