// The data of a step beside that of another time: another iteration of the same execution, or the same step in another
// execution of the workflow. What differs is listed field by field.
import type { Execution, NodeRunView } from "@auraos/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { executionKeys, useExecutions } from "../../api/executions.ts";
import { request } from "../../api/request.ts";
import { useFormat } from "../../i18n/useFormat.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { Field } from "../../ui/Field.tsx";
import { SegmentedControl } from "../../ui/SegmentedControl.tsx";
import { Select } from "../../ui/Select.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { ITEM_BYTES_MAX, type Side } from "../queries.ts";
import { type Difference, diffJson } from "./diffJson.ts";

type CompareDataProps = { execution: Execution; run: NodeRunView };

const ITEMS_MAX = 200;
const ITERATIONS_MAX = 50;
const EXECUTIONS_SHOWN = 20;

export function CompareData({ execution, run }: CompareDataProps) {
  const { t } = useTranslation("executions");
  const others = useOthers(execution, run);
  const [chosen, setChosen] = useState<string>();
  const [side, setSide] = useState<Side>(run.status === "failed" ? "in" : "out");
  const value = others.find((one) => one.value === chosen)?.value ?? others[0]?.value;
  if (value === undefined) return <p className="text-muted">{t("compare.nothing")}</p>;
  const [otherExecution = "", otherRun = ""] = value.split(" ");
  return (
    <div className="grid gap-3">
      <Field label={t("compare.with")}>
        {(ids) => <Select {...ids} value={value} onChange={setChosen} options={others} />}
      </Field>
      <SegmentedControl<Side>
        label={t("compare.side")}
        value={side}
        onChange={setSide}
        segments={[
          { value: "in", label: t("data.input") },
          { value: "out", label: t("data.output") },
        ]}
      />
      <Differences
        before={{ id: otherExecution, run: otherRun, side }}
        after={{ id: execution.id, run: run.run, side }}
      />
    </div>
  );
}

/** Other iterations first: they are nearer. */
function useOthers({ id, workflowId, timeline }: Execution, run: NodeRunView) {
  const { t } = useTranslation("executions");
  const format = useFormat();
  const earlier = useExecutions({ workflow: workflowId }, EXECUTIONS_SHOWN).data?.pages[0]?.items ?? [];
  const iterations = timeline.filter((one) => one.node === run.node && one.run !== run.run);
  return [
    ...iterations.slice(0, ITERATIONS_MAX).map((one) => ({
      value: `${id} ${one.run}`,
      label: t("compare.iteration", { run: one.run, status: t(`ui:status.${one.status}`) }),
    })),
    ...earlier
      .filter((one) => one.id !== id)
      .map((one) => ({
        value: `${one.id} ${run.run}`,
        label: t("compare.execution", {
          time: format.exact(Date.parse(one.startedAt)),
          status: t(`ui:status.${one.status}`),
        }),
      })),
  ];
}

type Address = { id: string; run: string; side: Side };

function useItems({ id, run, side }: Address) {
  return useQuery({
    queryKey: [...executionKeys.one(id), "compare", run, side],
    queryFn: async ({ signal }) => {
      const data = await request("get /api/v1/executions/:id/runs/:run/data", {
        params: { id, run },
        query: { side, limit: ITEMS_MAX, itemBytes: ITEM_BYTES_MAX },
        signal,
      });
      return { values: data.items.map(({ json }) => json), total: data.total };
    },
    retry: false,
  });
}

function Differences({ before, after }: { before: Address; after: Address }) {
  const { t } = useTranslation("executions");
  const [one, other] = [useItems(before), useItems(after)];
  const error = one.error ?? other.error;
  const tryAgain = () => {
    void one.refetch();
    void other.refetch();
  };
  if (error) return <ErrorState error={error} onRetry={tryAgain} />;
  if (!one.data || !other.data) return <Skeleton className="h-24 w-full rounded-md" />;
  const { differences, isCut } = diffJson(one.data.values, other.data.values);
  const isPart = isCut || Math.max(one.data.total, other.data.total) > ITEMS_MAX;
  return (
    <div className="grid min-w-0 gap-2">
      <p role="status" className="text-muted text-xs">
        {differences.length === 0
          ? t("compare.equal", { count: one.data.total })
          : t("compare.count", { count: differences.length })}
        {isPart && ` ${t("compare.part", { count: ITEMS_MAX })}`}
      </p>
      <ul className="grid min-w-0 gap-1.5">
        {differences.map((difference) => (
          <DifferenceRow key={difference.path} difference={difference} />
        ))}
      </ul>
    </div>
  );
}

function DifferenceRow({ difference: { path, kind, before, after } }: { difference: Difference }) {
  const { t } = useTranslation("executions");
  return (
    <li className="min-w-0 rounded-md border border-line p-2">
      <p className="flex items-baseline justify-between gap-2 text-xs">
        <code dir="ltr" className="min-w-0 break-all font-mono">
          {path === "" ? "$" : path}
        </code>
        <span className="shrink-0 text-muted">{t(`compare.kinds.${kind}`)}</span>
      </p>
      {kind !== "added" && <Value sign="−" value={before} className="bg-fail-soft text-fail" />}
      {kind !== "removed" && <Value sign="+" value={after} className="bg-ok-soft text-ok" />}
    </li>
  );
}

const TEXT_MAX = 400;

function Value({ sign, value, className }: { sign: string; value: unknown; className: string }) {
  const text = JSON.stringify(value) ?? "";
  return (
    <pre
      dir="ltr"
      className={`mt-1 whitespace-pre-wrap break-all rounded-sm px-1.5 py-0.5 text-xs ${className}`}
    >
      {sign} {text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text}
    </pre>
  );
}
