// What a node run left behind: the items that went in and came out of each port, as a table or as a tree, and what its
// code wrote.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/useFormat.ts";
import { RunLog } from "../../runLog/RunLog.tsx";
import { Button } from "../../ui/Button.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { JsonTree } from "../../ui/JsonTree.tsx";
import { SegmentedControl } from "../../ui/SegmentedControl.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { useNodeItems } from "../data/useNodeItems.ts";
import { ItemsTable } from "./ItemsTable.tsx";
import type { NodeRun } from "./nodeStates.ts";

const shapes = ["table", "tree"] as const;

type RunDataProps = { execution: string; run: NodeRun; isEnded: boolean; look: "table" | "tree" };

export function RunData({ execution, run, isEnded, look }: RunDataProps) {
  const { t } = useTranslation("builder");
  const format = useFormat();
  const ports = Object.entries(run.itemsOut);
  const sides = [
    ...ports.map(([port, count]) => ({
      value: `out:${port}`,
      label: `${ports.length > 1 || port !== "main" ? `${t("data.output")} ${port}` : t("data.output")} ${format.number(count)}`,
    })),
    ...(run.itemsIn === null
      ? []
      : [{ value: "in", label: `${t("data.input")} ${format.number(run.itemsIn)}` }]),
    ...(run.logLines === undefined
      ? []
      : [{ value: "log", label: `${t("data.log")} ${format.number(run.logLines)}` }]),
  ];
  const fullest = ports.find(([, count]) => count > 0)?.[0];
  const [chosen, setChosen] = useState<string>();
  const side =
    sides.find(({ value }) => value === chosen)?.value ?? (fullest === undefined ? "in" : `out:${fullest}`);
  const [shape, setShape] = useState<"table" | "tree">(look);
  if (sides.length === 0) return <p className="text-muted text-sm">{t("data.none")}</p>;
  const isLog = side === "log";
  const [way, port] = side.split(":");
  const address = {
    execution,
    run: run.run,
    side: way === "in" ? ("in" as const) : ("out" as const),
    ...(port === undefined ? {} : { port }),
  };
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <SegmentedControl label={t("data.side")} segments={sides} value={side} onChange={setChosen} />
        {!isLog && (
          <SegmentedControl<"table" | "tree">
            label={t("data.shape")}
            segments={shapes.map((value) => ({
              value,
              label: t(value === "table" ? "data.table" : "data.json"),
            }))}
            value={shape}
            onChange={setShape}
          />
        )}
      </div>
      {isLog ? (
        <RunLog execution={execution} run={run.run} />
      ) : (
        <Items key={side} address={address} isEnded={isEnded} shape={shape} />
      )}
    </div>
  );
}

type ItemsProps = {
  address: Parameters<typeof useNodeItems>[0];
  isEnded: boolean;
  shape: "table" | "tree";
};

function Items({ address, isEnded, shape }: ItemsProps) {
  const { t } = useTranslation("builder");
  const format = useFormat();
  const query = useNodeItems(address, isEnded);
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton className="h-16 w-full" />;
  const items = query.data.pages
    .flatMap((page) => page.items)
    .map((item) =>
      item.leftOut === undefined
        ? item
        : { ...item, json: t("data.leftOut", { size: format.bytes(item.leftOut) }) },
    );
  if (query.data.pages[0]?.gone) return <p className="text-muted text-sm">{t("data.gone")}</p>;
  if (items.length === 0) return <p className="text-muted text-sm">{t("data.empty")}</p>;
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      {shape === "table" ? (
        <ItemsTable items={items} />
      ) : (
        <JsonTree value={items.map(({ json }) => json)} openDepth={3} />
      )}
      {query.hasNextPage && (
        <Button
          size="small"
          className="mt-2"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("data.more")}
        </Button>
      )}
    </div>
  );
}
