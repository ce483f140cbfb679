// Events that could not be delivered: why, and what can be done about it.
import type { TFunction } from "i18next";
import { CircleCheck, Ellipsis, RotateCcw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type DeadEvent, useDeadEvents, useDeleteDead, useRedeliver } from "../api/events.ts";
import { confirm } from "../ui/confirmations.ts";
import type { Column } from "../ui/DataTable.tsx";
import { errorTitle } from "../ui/errorTitle.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu } from "../ui/Menu.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { useWidthStep } from "../ui/useMediaQuery.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { ListOf, TwoLines } from "./ListOf.tsx";

export function DeadList() {
  const { t } = useTranslation("events");
  const isPhone = useWidthStep() === "phone";
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
      cell: ({ reason, code }) => {
        const title = errorTitle(code, t as TFunction);
        return (
          <TwoLines
            above={title ?? reason}
            below={<bdi dir="ltr">{title === undefined ? code : `${code}: ${reason}`}</bdi>}
          />
        );
      },
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
      width: isPhone ? "2.5rem" : "5rem",
      align: "end",
      cell: (row) => <Actions row={row} isMenu={isPhone} />,
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

function Actions({ row, isMenu }: { row: DeadEvent; isMenu: boolean }) {
  const { t } = useTranslation("events");
  const tellFailure = useTellFailure();
  const again = useRedeliver();
  const remove = useDeleteDead();
  const { id, event, workflowName } = row;
  const giveAgain = () => again.mutate(id, { onError: tellFailure });
  async function giveUp(): Promise<void> {
    const isSure = await confirm({
      title: t("confirmDelete.title"),
      description: t("confirmDelete.text"),
      action: t("confirmDelete.yes"),
      danger: true,
    });
    if (isSure) remove.mutate(id, { onError: tellFailure });
  }
  if (isMenu)
    return (
      <Menu
        trigger={
          <IconButton
            icon={Ellipsis}
            label={t("menu.of", { name: event?.type ?? workflowName })}
            size="small"
          />
        }
        entries={[
          { label: t("menu.again"), icon: RotateCcw, onSelect: giveAgain },
          { label: t("menu.delete"), icon: Trash2, danger: true, onSelect: () => void giveUp() },
        ]}
      />
    );
  return (
    <div className="flex">
      <IconButton icon={RotateCcw} label={t("menu.again")} size="small" onClick={giveAgain} />
      <IconButton icon={Trash2} label={t("menu.delete")} size="small" onClick={() => void giveUp()} />
    </div>
  );
}
