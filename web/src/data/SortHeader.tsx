// The head of a column that sorts: once upwards, once downwards, then as the rows were made. It stands in the address.
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useView } from "../useView.ts";

export function SortHeader({ column, label }: { column: string; label: string }) {
  const { t } = useTranslation("data");
  const [view, change] = useView();
  const sort = view.get("sort");
  const isUp = sort === column;
  const isDown = sort === `-${column}`;
  const Icon = isDown ? ArrowDown : ArrowUp;
  const next = isUp ? `-${column}` : isDown ? undefined : column;
  return (
    <button
      type="button"
      onClick={() => change({ sort: next })}
      className="inline-flex max-w-full items-center gap-1 rounded-sm font-medium hover:text-text"
    >
      <span dir="auto" className="truncate">
        {label}
      </span>
      {(isUp || isDown) && (
        <>
          <Icon aria-hidden className="size-3 shrink-0" />
          <span className="sr-only">{t(isUp ? "sortedUp" : "sortedDown")}</span>
        </>
      )}
    </button>
  );
}
