// Items as rows, their fields as columns.
import { isObject } from "@auraos/kernel";
import { useTranslation } from "react-i18next";

const COLUMNS_MAX = 24;

export function ItemsTable({ items }: { items: readonly { index: number; json?: unknown }[] }) {
  const { t } = useTranslation("builder");
  const columns = [
    ...new Set(items.flatMap(({ json }) => (isObject(json) ? Object.keys(json) : [""]))),
  ].slice(0, COLUMNS_MAX);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label={t("data.items")} className="overflow-x-auto">
      <table dir="ltr" className="w-full border-collapse text-xs">
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className="whitespace-nowrap border-line border-b px-2.5 py-1.5 text-start font-medium text-muted"
              >
                {column === "" ? t("data.value") : column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map(({ index, json }) => (
            <tr key={index} className="hover:bg-hover/60">
              {columns.map((column) => {
                const value = isObject(json) ? json[column] : column === "" ? json : undefined;
                return (
                  <td
                    key={column}
                    className={`max-w-72 truncate border-line border-b px-2.5 py-1.5 ${typeof value === "string" ? "" : "font-mono"}`}
                  >
                    {textOf(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
