// Who gets events: by which types, how, and whether anything waits or could not be delivered.
import {
  CirclePause,
  CirclePlay,
  Ellipsis,
  History,
  Hourglass,
  TriangleAlert,
  Users,
  Workflow,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { type Subscription, usePauseSubscription, useReplay, useSubscriptions } from "../api/events.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { confirm } from "../ui/confirmations.ts";
import type { Column } from "../ui/DataTable.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu } from "../ui/Menu.tsx";
import { toast } from "../ui/toasts.ts";
import { useWidthStep } from "../ui/useMediaQuery.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";
import { HeldSheet } from "./HeldSheet.tsx";
import { ListOf, TwoLines } from "./ListOf.tsx";

const DAY_MS = 86_400_000;

export function SubscriptionList() {
  const { t } = useTranslation("events");
  const format = useFormat();
  const [view, change] = useView();
  const isWide = useWidthStep() === "wide";
  const asked = useSubscriptions();
  const opened = asked.data?.pages.flatMap(({ items }) => items).find(({ id }) => id === view.get("held"));
  const columns: Column<Subscription>[] = [
    {
      id: "workflow",
      header: t("columns.workflow"),
      width: "minmax(0, 1.2fr)",
      cell: ({ workflowName, types }) => (
        <TwoLines above={workflowName} below={<bdi dir="ltr">{types.join(", ")}</bdi>} />
      ),
    },
    {
      id: "flow",
      header: t("columns.flow"),
      width: "minmax(0, 0.8fr)",
      from: "tablet",
      cell: ({ flow, filter }) => (
        <TwoLines above={t(`flow.${flow}`)} below={filter && <bdi dir="ltr">{filter}</bdi>} />
      ),
    },
    {
      id: "counts",
      header: t("columns.counts"),
      width: "7rem",
      align: "end",
      from: "desk",
      cell: ({ matched, dropped }) => (
        <div className="text-end tabular-nums">
          <p>{format.number(matched)}</p>
          {dropped > 0 && <p className="text-muted text-xs">{t("dropped", { count: dropped })}</p>}
        </div>
      ),
    },
    {
      id: "state",
      header: t("columns.state"),
      width: isWide ? "19rem" : "9.5rem",
      cell: (row) => <State row={row} isWide={isWide} />,
    },
    {
      id: "actions",
      header: t("columns.actions"),
      isHeaderHidden: true,
      width: "2.5rem",
      align: "end",
      cell: (row) => <Actions row={row} />,
    },
  ];
  return (
    <>
      <ListOf
        asked={asked}
        columns={columns}
        rowKey={({ id }) => id}
        label={t("tabs.subscriptions")}
        icon={Users}
        empty={{ title: t("empty.subscriptions.title"), text: t("empty.subscriptions.text") }}
      />
      {opened && (
        <HeldSheet id={opened.id} name={opened.workflowName} onClose={() => change({ held: undefined })} />
      )}
    </>
  );
}

/** In one line where there is room; otherwise in two, and two counts beside each other are said by their signs. */
function State({ row, isWide }: { row: Subscription; isWide: boolean }) {
  const { t } = useTranslation("events");
  const format = useFormat();
  const [, change] = useView();
  const { id, workflowName: name, paused, held, dead } = row;
  const isShort = !isWide && held > 0 && dead > 0;
  const waiting = isShort ? format.compact(held) : t("held", { count: held });
  return (
    <div className={isWide ? "flex items-center gap-1.5" : "grid justify-items-start gap-1"}>
      <Badge tone={paused ? "wait" : "ok"}>{t(paused ? "state.paused" : "state.active")}</Badge>
      {(held > 0 || dead > 0) && (
        <div className="flex items-center gap-1.5">
          {held > 0 && (
            <button
              type="button"
              aria-label={`${waiting}: ${t("waiting.title", { name })}`}
              className="flex rounded-sm hover:underline pointer-coarse:-my-2.5 pointer-coarse:py-2.5"
              onClick={() => change({ held: id })}
            >
              <Badge tone="run">
                {isShort && <Hourglass aria-hidden className="size-3" />}
                {waiting}
              </Badge>
            </button>
          )}
          {dead > 0 && (
            <Badge tone="fail">
              {isShort ? <NotDelivered count={dead} /> : t("deadCount", { count: dead })}
            </Badge>
          )}
        </div>
      )}
    </div>
  );
}

function NotDelivered({ count }: { count: number }) {
  const { t } = useTranslation("events");
  const format = useFormat();
  return (
    <>
      <TriangleAlert aria-hidden className="size-3" />
      <span aria-hidden>{format.compact(count)}</span>
      <span className="sr-only">{t("deadCount", { count })}</span>
    </>
  );
}

function Actions({ row: { id, workflowId, workflowName: name, paused } }: { row: Subscription }) {
  const { t } = useTranslation("events");
  const navigate = useNavigate();
  const [, change] = useView();
  const tellFailure = useTellFailure();
  const pause = usePauseSubscription();
  const replay = useReplay();
  async function giveAgain(): Promise<void> {
    const isSure = await confirm({
      title: t("confirmReplay.title"),
      description: t("confirmReplay.text", { name }),
      action: t("confirmReplay.yes"),
    });
    if (!isSure) return;
    replay.mutate(
      { id, from: new Date(Date.now() - DAY_MS).toISOString() },
      {
        onSuccess: ({ from, to }) =>
          toast.success(t("replayed.title"), { detail: t("replayed.text", { from, to }) }),
        onError: tellFailure,
      },
    );
  }
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={t("menu.of", { name })} size="small" />}
      entries={[
        {
          label: t(paused ? "menu.resume" : "menu.pause"),
          icon: paused ? CirclePlay : CirclePause,
          onSelect: () => pause.mutate({ id, pause: !paused }, { onError: tellFailure }),
        },
        { label: t("menu.held"), icon: Hourglass, onSelect: () => change({ held: id }) },
        { label: t("menu.replay"), icon: History, onSelect: () => void giveAgain() },
        { label: t("menu.workflow"), icon: Workflow, onSelect: () => navigate(paths.workflow(workflowId)) },
      ]}
    />
  );
}
