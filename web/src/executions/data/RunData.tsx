// Items of one side of a node run: by port, in pages, as tree, table or JSON.
import type { NodeRunView } from "@auraos/contract";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { SegmentedControl } from "../../ui/SegmentedControl.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { useTellFailure } from "../../ui/useTellFailure.ts";
import { saveJson } from "../json.ts";
import { readItem, type Side, useNodeData } from "../queries.ts";
import { ItemsView } from "./ItemsView.tsx";

type RunDataProps = { id: string; run: NodeRunView; side: Side };

export function RunData({ id, run, side }: RunDataProps) {
  const { t } = useTranslation("executions");
  const ports = side === "out" ? Object.keys(run.itemsOut) : [];
  const filled = ports.find((port) => (run.itemsOut[port] ?? 0) > 0);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const port = chosen ?? filled;
  const query = useNodeData({ id, run: run.run, side, port });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const [first] = data?.pages ?? [];
  const tellFailure = useTellFailure();
  const download = (index: number) =>
    readItem({ id, run: run.run, side, port }, index)
      .then((value) => saveJson(value, `${run.node}-${index + 1}.json`))
      .catch(tellFailure);
  return (
    <div className="grid gap-3">
      {ports.length > 1 && (
        <SegmentedControl
          label={t("data.ports")}
          value={port ?? ports[0] ?? ""}
          onChange={setChosen}
          segments={ports.map((one) => ({
            value: one,
            label: t("data.port", { name: one, count: run.itemsOut[one] ?? 0 }),
          }))}
        />
      )}
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !first ? (
        <Skeleton className="h-24 w-full rounded-md" />
      ) : first.gone ? (
        <p className="text-muted">{t("data.gone")}</p>
      ) : first.total === 0 ? (
        <p className="text-muted">{t(run.kept && side === "in" ? "data.keptInput" : "data.none")}</p>
      ) : (
        <ItemsView
          total={first.total}
          items={data?.pages.flatMap(({ items }) => items) ?? []}
          onDownload={(index) => void download(index)}
        />
      )}
      {hasNextPage && (
        <Button size="small" className="w-fit" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("data.more")}
        </Button>
      )}
    </div>
  );
}
