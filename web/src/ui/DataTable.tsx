// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot be laid out row by row without losing its roles
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
// biome-ignore-all lint/a11y/useFocusableInteractive: rows are walked by their links
// A list of rows that may be very long: only what is visible is in the document, more is asked for near the end.
// Columns leave on narrow screens by `from`. Arrow keys walk from row to row along the rows' own links
// (give the link that opens a row the attribute data-row-link).
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { classes } from "./classes.ts";
import { useWidthStep } from "./useMediaQuery.ts";

const steps = ["phone", "tablet", "desk", "wide"] as const;

export type Column<Row> = {
  id: string;
  header: ReactNode;
  /** A grid track: "1fr", "8rem", "minmax(12rem, 2fr)". */
  width: string;
  cell(row: Row): ReactNode;
  align?: "start" | "end";
  from?: (typeof steps)[number];
  /** The header is spoken and not shown, as of a column of buttons. */
  isHeaderHidden?: boolean;
};

type DataTableProps<Row> = {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
  rowHeight?: number;
  /** Rows there are in all, when known. */
  total?: number;
  onNearEnd?(): void;
  isLoadingMore?: boolean;
  className?: string;
};

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, rowKey, rowHeight = 48, total, onNearEnd, className } = props;
  const step = steps.indexOf(useWidthStep());
  const columns = props.columns.filter(({ from = "phone" }) => steps.indexOf(from) <= step);
  const grid = { gridTemplateColumns: columns.map(({ width }) => width).join(" ") };
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => rowKey(rows[index] as Row),
  });
  const visible = virtualizer.getVirtualItems();
  const isNearEnd = (visible.at(-1)?.index ?? 0) >= rows.length - 20;

  // Asking for more is a consequence of what is on the screen; there is no event to hang it on.
  useEffect(() => {
    if (isNearEnd && rows.length > 0) onNearEnd?.();
  }, [isNearEnd, rows.length, onNearEnd]);

  return (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={total ?? rows.length}
      onKeyDown={walk}
      className={classes(
        "flex min-h-0 flex-col overflow-hidden rounded-lg border border-line bg-panel",
        className,
      )}
    >
      <HeaderRow columns={columns} grid={grid} />
      <div
        ref={scroller}
        tabIndex={0}
        role="rowgroup"
        className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {visible.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <BodyRow
                key={item.key}
                index={item.index}
                top={item.start}
                height={rowHeight}
                columns={columns}
                grid={grid}
                row={row}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

type Laid<Row> = { columns: readonly Column<Row>[]; grid: { gridTemplateColumns: string } };

function HeaderRow<Row>({ columns, grid }: Laid<Row>) {
  return (
    <div role="rowgroup" className="shrink-0 border-line border-b">
      <div role="row" style={grid} className="grid h-9 items-center gap-4 px-4 text-muted text-xs">
        {columns.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            className={classes("truncate font-medium", column.align === "end" && "text-end")}
          >
            <span className={column.isHeaderHidden ? "sr-only" : ""}>{column.header}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

type BodyRowProps<Row> = Laid<Row> & { row: Row; index: number; top: number; height: number };

function BodyRow<Row>({ columns, grid, row, index, top, height }: BodyRowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      style={{ ...grid, height, transform: `translateY(${top}px)` }}
      className="absolute inset-x-0 grid items-center gap-4 border-line border-b px-4 hover:bg-hover/60"
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role="cell"
          className={classes("min-w-0", column.align === "end" && "flex justify-end text-end")}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

function walk(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const target = event.target as HTMLElement;
  if (!target.matches("[data-row-link]")) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row-link]")];
  const next = links[links.indexOf(target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
