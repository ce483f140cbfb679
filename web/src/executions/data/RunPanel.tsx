// The data of one node run: why it failed, what it took and gave, its attempts, what its code wrote; and running again from here.
import type { Execution, NodeRunView } from "@auraos/contract";
import { Pencil, Play } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RunLog } from "../../runLog/RunLog.tsx";
import { Button } from "../../ui/Button.tsx";
import { Duration } from "../../ui/Duration.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Tab, Tabs } from "../../ui/Tabs.tsx";
import { FailureText } from "../detail/FailureText.tsx";
import { RerunDialog } from "../rerun/RerunDialog.tsx";
import { topNodeOf } from "../rerun/topNode.ts";
import { AttemptList } from "./AttemptList.tsx";
import { CompareData } from "./CompareData.tsx";
import { RunData } from "./RunData.tsx";

type RunPanelProps = { execution: Execution; run: NodeRunView };

export function RunPanel({ execution, run }: RunPanelProps) {
  const { t } = useTranslation("executions");
  const failure = run.failure ?? run.handled;
  const { id } = execution;
  const tabs: Tab[] = [
    ...(failure
      ? [
          {
            value: "error",
            label: t("data.error"),
            content: (
              <div className="rounded-lg bg-fail-soft p-3">
                {run.handled && <p className="mb-1 text-muted text-xs">{t("data.handled")}</p>}
                <FailureText failure={failure} />
              </div>
            ),
          },
        ]
      : []),
    { value: "in", label: t("data.input"), content: <RunData id={id} run={run} side="in" /> },
    { value: "out", label: t("data.output"), content: <RunData id={id} run={run} side="out" /> },
    ...(run.attempts > 0
      ? [
          {
            value: "attempts",
            label: t("data.attempts", { count: run.attempts }),
            content: <AttemptList id={id} run={run.run} />,
          },
        ]
      : []),
    ...(run.logLines === undefined
      ? []
      : [
          {
            value: "log",
            label: t("data.log", { number: run.logLines }),
            content: <RunLog execution={id} run={run.run} />,
          },
        ]),
    { value: "compare", label: t("compare.title"), content: <CompareData execution={execution} run={run} /> },
  ];
  const [tab, setTab] = useState(failure ? "error" : run.status === "running" ? "in" : "out");
  return (
    <div className="grid gap-3">
      <div>
        <div className="flex items-start justify-between gap-2">
          <h2 className="font-semibold text-lg">{run.name}</h2>
          <Status status={run.status} />
        </div>
        <p className="flex flex-wrap gap-x-3 text-muted text-xs">
          <code dir="ltr" className="font-mono">
            {run.run}
          </code>
          <span>{run.type}</span>
          {run.durationMs === null ? <Duration since={run.startedAt} /> : <Duration ms={run.durationMs} />}
          {run.why && <span>{t(`data.why.${run.why}`, { defaultValue: run.why })}</span>}
        </p>
      </div>
      <RunAgain execution={execution} run={run} />
      <Tabs
        label={t("data.label")}
        tabs={tabs}
        value={tabs.some(({ value }) => value === tab) ? tab : "out"}
        onChange={setTab}
      />
    </div>
  );
}

function RunAgain({ execution, run }: RunPanelProps) {
  const { t } = useTranslation("executions");
  const [mode, setMode] = useState<"as" | "edited" | null>(null);
  const node = topNodeOf(run.run);
  const top = execution.timeline.find((one) => one.run === node);
  if (execution.completedAt === null || run.status === "skipped" || !top) return null;
  const isHere = run.run === node;
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        size="small"
        tone={run.status === "failed" ? "primary" : "normal"}
        onClick={() => setMode("as")}
      >
        <Play aria-hidden className="size-3.5 rtl:-scale-x-100" />
        {isHere ? t("rerun.fromHere") : t("rerun.fromBlock", { name: top.name })}
      </Button>
      <Button size="small" onClick={() => setMode("edited")}>
        <Pencil aria-hidden className="size-3.5" />
        {t("rerun.editFirst")}
      </Button>
      {mode && (
        <RerunDialog
          execution={execution}
          node={node}
          edit={mode === "edited"}
          onClose={() => setMode(null)}
        />
      )}
    </div>
  );
}
