// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot be laid out row by row without losing its roles
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
// biome-ignore-all lint/a11y/useFocusableInteractive: rows are walked by their links
// A list of rows that may be very long: only what is visible is in the document, more is asked for near the end.
// Columns leave on narrow screens by `from`. Arrow keys walk from row to row along the rows' own links
// (give the link that opens a row the attribute data-row-link).
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type ReactNode, type UIEvent, useEffect, useMemo, useRef } from "react";
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
  /** Tells when the person leaves the first rows and comes back to them. */
  onAtTopChange?(isAtTop: boolean): void;
  /** A name under which the place of reading is remembered until the page is reloaded, so that Back leads to it. */
  placeKey?: string;
  className?: string;
};

/** In pixels: h-9 and its line. It stays in sight inside of what scrolls, so that its columns are those of the rows. */
const HEADER_HEIGHT = 37;

const places = new Map<string, number>();

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, rowKey, rowHeight = 48, total, onNearEnd, onAtTopChange, placeKey, className } = props;
  const step = steps.indexOf(useWidthStep());
  const columns = useMemo(
    () => props.columns.filter(({ from = "phone" }) => steps.indexOf(from) <= step),
    [props.columns, step],
  );
  const grid = useMemo(
    () => ({ gridTemplateColumns: columns.map(({ width }) => width).join(" ") }),
    [columns],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: HEADER_HEIGHT,
    getItemKey: (index) => rowKey(rows[index] as Row),
    initialOffset: () => (placeKey === undefined ? 0 : (places.get(placeKey) ?? 0)),
  });
  const visible = virtualizer.getVirtualItems();
  const isNearEnd = (visible.at(-1)?.index ?? 0) >= rows.length - 20;

  // Asking for more is a consequence of what is on the screen; there is no event to hang it on.
  useEffect(() => {
    if (isNearEnd && rows.length > 0) onNearEnd?.();
  }, [isNearEnd, rows.length, onNearEnd]);

  const scrolled = (event: UIEvent<HTMLDivElement>) => {
    const { scrollTop } = event.currentTarget;
    if (placeKey !== undefined) places.set(placeKey, scrollTop);
    onAtTopChange?.(scrollTop < rowHeight);
  };

  return (
    <div
      ref={scroller}
      role="table"
      aria-label={label}
      aria-rowcount={total ?? rows.length}
      tabIndex={0}
      onScroll={scrolled}
      onKeyDown={walk}
      className={classes(
        "min-h-0 scroll-pt-10 overflow-y-auto rounded-lg border border-line bg-panel -outline-offset-2",
        className,
      )}
    >
      <HeaderRow columns={columns} grid={grid} />
      {/* One pixel less: the line of the last row is the edge of the list. */}
      <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() - 1 }}>
        {visible.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <KeptRow
              key={item.key}
              index={item.index}
              top={item.start - HEADER_HEIGHT}
              height={rowHeight}
              columns={columns}
              grid={grid}
              row={row}
            />
          );
        })}
      </div>
    </div>
  );
}

type Laid<Row> = { columns: readonly Column<Row>[]; grid: { gridTemplateColumns: string } };

function HeaderRow<Row>({ columns, grid }: Laid<Row>) {
  return (
    <div role="rowgroup" className="sticky top-0 z-2 rounded-t-lg border-line border-b bg-panel">
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

/** While somebody scrolls, only rows that come into sight are drawn; the others stay as they are. */
const KeptRow = memo(BodyRow) as typeof BodyRow;

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
