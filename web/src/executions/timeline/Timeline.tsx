// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are laid out one by one
// The timeline: one row per node run, bars where its time went. Only the rows on screen are in the document. Arrow keys
// walk the rows, Enter opens one beside it.
import type { Execution, NodeRunView } from "@auraos/contract";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/useFormat.ts";
import { useNow } from "../../ui/useNow.ts";
import { isOpen } from "../executionCan.ts";
import { RunRowView } from "./RunRowView.tsx";
import { ScopeRowView } from "./ScopeRowView.tsx";
import { type Scale, ticksOf } from "./scale.ts";
import { isWithin, timelineRows } from "./timelineRows.ts";

const ROW = 32;
/** More than this begins folded, except where something needs to be seen. */
const UNFOLDED_MAX = 80;

type TimelineProps = {
  execution: Execution;
  runs: readonly NodeRunView[];
  chosen: string | undefined;
  onChoose(run: string): void;
  onNearEnd(): void;
};

export function Timeline({ execution, runs, chosen, onChoose, onNearEnd }: TimelineProps) {
  const { t } = useTranslation("executions");
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const important = useMemo(() => runs.filter(isImportant).map(({ run }) => run), [runs]);
  const rows = useMemo(() => {
    const beginsFolded = runs.length > UNFOLDED_MAX;
    return timelineRows(runs, (scope) => {
      const own = toggled.get(scope);
      if (own !== undefined) return own;
      return (
        beginsFolded && !isWithin(scope, chosen) && !important.slice(0, 3).some((run) => isWithin(scope, run))
      );
    });
  }, [runs, toggled, chosen, important]);
  const scale = useScale(execution);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    getItemKey: (index) => rows[index]?.key ?? index,
  });
  const visible = virtualizer.getVirtualItems();
  const isNearEnd = (visible.at(-1)?.index ?? 0) >= rows.length - 20;

  // Asking for more is a consequence of what is on the screen; there is no event to hang it on.
  useEffect(() => {
    if (isNearEnd && rows.length > 0) onNearEnd();
  }, [isNearEnd, rows.length, onNearEnd]);

  return (
    <div className="flex min-h-24 flex-col rounded-lg border border-line bg-panel">
      <Axis scale={scale} />
      <div
        ref={scroller}
        role="list"
        aria-label={t("timeline.label")}
        onKeyDown={walk}
        className="min-h-0 overflow-y-auto"
      >
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {visible.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={item.key}
                role="listitem"
                className="absolute inset-x-0"
                style={{ height: ROW, transform: `translateY(${item.start}px)` }}
              >
                {row.kind === "run" ? (
                  <RunRowView
                    row={row}
                    scale={scale}
                    isChosen={row.key === chosen}
                    onChoose={() => onChoose(row.key)}
                  />
                ) : (
                  <ScopeRowView
                    row={row}
                    scale={scale}
                    onToggle={() => setToggled(new Map(toggled).set(row.key, row.isOpen))}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Axis({ scale }: { scale: Scale }) {
  const format = useFormat();
  return (
    <div
      aria-hidden
      className="grid h-7 shrink-0 grid-cols-[var(--names)_minmax(0,1fr)_5.75rem] items-center border-line border-b px-3 text-2xs text-faint"
    >
      <span />
      <div className="relative h-full">
        {ticksOf(scale).map(({ ms, at }) => (
          <span
            key={ms}
            className="absolute inset-y-0 flex items-center whitespace-nowrap border-line border-s ps-1 max-sm:even:hidden"
            style={{ insetInlineStart: `${at}%` }}
          >
            {ms === 0 ? format.number(0) : format.duration(ms)}
          </span>
        ))}
      </div>
      <span />
    </div>
  );
}

function useScale(execution: Execution): Scale {
  const nowMs = useNow();
  const fromMs = Date.parse(execution.startedAt);
  const endMs = execution.completedAt === null ? nowMs : Date.parse(execution.completedAt);
  return { fromMs, toMs: isOpen(execution) ? Math.max(nowMs, fromMs + 1) : Math.max(endMs, fromMs + 1) };
}

function isImportant({ status }: NodeRunView): boolean {
  return status === "failed" || status === "parked" || status === "waiting";
}

function walk(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("button[data-row]")];
  const next = buttons[buttons.indexOf(event.target as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
