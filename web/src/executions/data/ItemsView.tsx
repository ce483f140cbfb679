// Items in the way a person likes to read them; the choice holds for all steps until the page is left.

import { Braces, Download, ListTree, Table2 } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/useFormat.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { JsonTree } from "../../ui/JsonTree.tsx";
import { SegmentedControl } from "../../ui/SegmentedControl.tsx";
import { jsonText } from "../json.ts";
import { ItemTable } from "./ItemTable.tsx";

export type ShownItem = {
  index: number;
  json?: unknown;
  files?: Record<string, { name: string }> | undefined;
  /** Bytes of a value that is too large to be shown. */
  leftOut?: number | undefined;
};
type View = "tree" | "table" | "json";

const TREES_OPEN = 3;
let view: View = "tree";
const listeners = new Set<() => void>();

type ItemsViewProps = { total: number; items: readonly ShownItem[]; onDownload?(index: number): void };

export function ItemsView({ total, items: given, onDownload }: ItemsViewProps) {
  const { t } = useTranslation("executions");
  const format = useFormat();
  const shown = useSyncExternalStore(subscribe, () => view);
  const items = given.map((item) =>
    item.leftOut === undefined
      ? item
      : { ...item, json: t("data.leftOut", { size: format.bytes(item.leftOut) }) },
  );
  const large = given.filter(({ leftOut }) => leftOut !== undefined);
  return (
    <div className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-muted text-xs">{t("data.items", { count: total })}</span>
        <SegmentedControl
          label={t("data.view")}
          value={shown}
          onChange={choose}
          segments={[
            { value: "tree", label: t("data.tree"), icon: ListTree },
            { value: "table", label: t("data.table"), icon: Table2 },
            { value: "json", label: t("data.json"), icon: Braces },
          ]}
        />
      </div>
      {onDownload &&
        large.map(({ index, leftOut = 0 }) => (
          <Button key={index} size="small" className="w-fit" onClick={() => onDownload(index)}>
            <Download aria-hidden className="size-3.5" />
            {t("data.download", { number: index + 1, size: format.bytes(leftOut) })}
          </Button>
        ))}
      {shown === "json" ? (
        <CodeBlock
          label={t("data.json")}
          text={jsonText(items.length === 1 ? items[0]?.json : items.map(({ json }) => json))}
          className="max-h-[60vh]"
        />
      ) : shown === "table" ? (
        <ItemTable items={items} />
      ) : (
        <Trees items={items} />
      )}
    </div>
  );
}

function Trees({ items }: { items: readonly ShownItem[] }) {
  const { t } = useTranslation("executions");
  return (
    <ul className="grid min-w-0 gap-2">
      {items.map((item, place) => (
        <li key={item.index} className="min-w-0 rounded-md border border-line p-2">
          {items.length > 1 && (
            <p className="mb-1 text-2xs text-faint">{t("failure.item", { number: item.index + 1 })}</p>
          )}
          <JsonTree value={item.json} openDepth={place < TREES_OPEN ? 2 : 0} />
          {item.files && (
            <p className="mt-1 flex flex-wrap gap-1">
              {Object.entries(item.files).map(([key, file]) => (
                <Badge key={key}>{file.name}</Badge>
              ))}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function choose(next: View): void {
  view = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
