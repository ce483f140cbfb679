// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
// Items as a table: a column per field of the first level, in the order in which fields appear.
import { useTranslation } from "react-i18next";
import type { ShownItem } from "./ItemsView.tsx";

const COLUMNS_MAX = 20;
const CELL_MAX = 120;

export function ItemTable({ items }: { items: readonly ShownItem[] }) {
  const { t } = useTranslation("executions");
  const columns = columnsOf(items);
  return (
    <section
      tabIndex={0}
      aria-label={t("data.table")}
      dir="ltr"
      className="max-h-[60vh] overflow-auto rounded-md border border-line"
    >
      <table className="w-full border-collapse text-xs">
        <thead className="sticky top-0 bg-sunken text-muted">
          <tr>
            <th scope="col" className="px-2 py-1.5 text-end font-medium">
              <span className="sr-only">{t("data.number")}</span>
              <span aria-hidden>#</span>
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className="whitespace-nowrap px-2 py-1.5 text-start font-medium">
                {column === "" ? t("data.value") : column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.index} className="border-line border-t hover:bg-hover/60">
              <td className="px-2 py-1.5 text-end text-faint">{item.index + 1}</td>
              {columns.map((column) => (
                <td key={column} className="max-w-72 truncate whitespace-nowrap px-2 py-1.5 font-mono">
                  {cellText(column === "" ? item.json : fieldOf(item.json, column))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** "" stands for items that are no objects. */
function columnsOf(items: readonly ShownItem[]): string[] {
  const names = new Set<string>();
  for (const { json } of items) {
    if (isObject(json)) for (const name of Object.keys(json)) names.add(name);
    else names.add("");
    if (names.size >= COLUMNS_MAX) break;
  }
  return [...names].slice(0, COLUMNS_MAX);
}

function fieldOf(json: unknown, name: string): unknown {
  return isObject(json) ? json[name] : undefined;
}

function cellText(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > CELL_MAX ? `${text.slice(0, CELL_MAX)}…` : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
