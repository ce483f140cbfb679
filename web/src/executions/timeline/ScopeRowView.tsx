// One iteration (or section) of a block in the timeline; folds what ran in it.
import type { TFunction } from "i18next";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { classes } from "../../ui/classes.ts";
import { StatusIcon } from "../../ui/Status.tsx";
import { barLooks } from "./Bars.tsx";
import { rowLooks } from "./RunRowView.tsx";
import { barOf, type Scale } from "./scale.ts";
import type { ScopeRow } from "./timelineRows.ts";

type ScopeRowViewProps = { row: ScopeRow; scale: Scale; onToggle(): void };

export function ScopeRowView({ row, scale, onToggle }: ScopeRowViewProps) {
  const { t } = useTranslation("executions");
  const { start, width } = barOf(scale, row.startedAt, row.endedAt);
  const index = Number(row.scope);
  return (
    <button
      type="button"
      data-row
      aria-expanded={row.isOpen}
      onClick={onToggle}
      className={classes(rowLooks, "bg-sunken/50 text-muted hover:bg-hover/60")}
    >
      <span className="flex min-w-0 items-center gap-1.5 pe-2" style={{ paddingInlineStart: row.depth * 14 }}>
        <ChevronRight
          aria-hidden
          className={classes("size-3.5 shrink-0", row.isOpen ? "rotate-90" : "rtl:rotate-180")}
        />
        <StatusIcon status={row.status} />
        <span className="truncate">
          {Number.isNaN(index) ? sectionName(row.scope, t) : t("timeline.iteration", { number: index + 1 })}
        </span>
      </span>
      <span className="relative block h-4">
        <i
          className={classes("absolute top-1.5 h-1 rounded-full opacity-60", barLooks[row.status])}
          style={{ insetInlineStart: `${start}%`, width: `${width}%` }}
        />
      </span>
      <span className="truncate text-end text-xs">{t("timeline.runs", { count: row.runs })}</span>
    </button>
  );
}

function sectionName(scope: string, t: TFunction<"executions">): string {
  const [, name = scope, number = "0"] = /^([a-z]+)(\d*)$/i.exec(scope) ?? [];
  const known = ["undo", "catch", "finally"].includes(name);
  return known ? t(`timeline.sections.${name}`, { number: Number(number) + 1 }) : scope;
}
