// Triggers that listen outside, and whether they are well.
import { Antenna } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Trigger, useTriggers } from "../api/events.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import type { Column } from "../ui/DataTable.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { ListOf, TwoLines } from "./ListOf.tsx";

const tones = { starting: "wait", listening: "ok", failing: "fail" } as const;

export function TriggerList() {
  const { t } = useTranslation("events");
  const columns: Column<Trigger>[] = [
    {
      id: "workflow",
      header: t("columns.workflow"),
      width: "minmax(0, 1fr)",
      cell: ({ workflowId, workflowName, type, node }) => (
        <TwoLines
          above={
            <Link
              to={paths.workflow(workflowId, { node })}
              data-row-link
              className="rounded-sm after:absolute after:inset-0"
            >
              {workflowName}
            </Link>
          }
          below={t(`kind.${type}`, type)}
        />
      ),
    },
    {
      id: "state",
      header: t("columns.state"),
      width: "minmax(0, 1fr)",
      cell: ({ state, error }) => (
        <div className="min-w-0">
          <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>
          {error !== null && (
            <p dir="ltr" title={error} className="relative z-1 truncate text-muted text-xs rtl:text-right">
              {error}
            </p>
          )}
        </div>
      ),
    },
    {
      id: "last",
      header: t("columns.last"),
      width: "9rem",
      align: "end",
      from: "tablet",
      cell: ({ lastEventAt, received }) => (
        <div className="text-end">
          {lastEventAt === null ? (
            <span className="text-muted">{t("never")}</span>
          ) : (
            <RelativeTime at={lastEventAt} />
          )}
          <p className="text-muted text-xs">{t("received", { count: received })}</p>
        </div>
      ),
    },
  ];
  return (
    <ListOf
      asked={useTriggers()}
      columns={columns}
      rowKey={({ id }) => id}
      label={t("tabs.triggers")}
      icon={Antenna}
      empty={{ title: t("empty.triggers.title"), text: t("empty.triggers.text") }}
    />
  );
}
