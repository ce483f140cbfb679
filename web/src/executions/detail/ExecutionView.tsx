// The body of the page: on the left the story (what needs a person, the timeline or the graph), on the right the data of
// the chosen step; on small screens the data comes over it.
import type { Execution } from "@auraos/contract";
import { ChartNoAxesGantt, Network } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { SegmentedControl } from "../../ui/SegmentedControl.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { useMediaQuery } from "../../ui/useMediaQuery.ts";
import { useView } from "../../useView.ts";
import { RunPanel } from "../data/RunPanel.tsx";
import { WholePanel } from "../data/WholePanel.tsx";
import { NeedsYou } from "../people/NeedsYou.tsx";
import { QueuedCard } from "../people/QueuedCard.tsx";
import { useMoreTimeline } from "../queries.ts";
import { Timeline } from "../timeline/Timeline.tsx";
import { ExecutionFacts } from "./ExecutionFacts.tsx";
import { FailureReport } from "./FailureReport.tsx";

const GraphOverlay = lazy(() => import("../graph/GraphOverlay.tsx"));

export function ExecutionView({ execution }: { execution: Execution }) {
  const { t } = useTranslation("executions");
  const [view, change] = useView();
  const isWide = useMediaQuery("(min-width: 1100px)");
  const more = useMoreTimeline(execution.id, (execution.timelineLeftOut ?? 0) > 0);
  const runs = useMemo(
    () => more.data?.pages.flatMap(({ items }) => items) ?? execution.timeline,
    [more.data, execution.timeline],
  );
  const asked = view.get("run") ?? undefined;
  const chosen = asked ?? (isWide ? execution.failure?.run : undefined);
  const run = runs.find((one) => one.run === chosen);
  const isGraph = view.get("view") === "graph";
  const panel = run && <RunPanel key={run.run} execution={execution} run={run} />;

  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col gap-4 overflow-y-auto p-4 [--names:9.5rem] sm:p-6 sm:[--names:15rem]">
        <ExecutionFacts execution={execution} />
        <FailureReport execution={execution} onShow={(name) => change({ run: name })} />
        {execution.queue && <QueuedCard queue={execution.queue} />}
        <NeedsYou execution={execution} />
        <section
          aria-label={t("detail.story")}
          className={
            isWide ? "flex min-h-80 flex-1 flex-col gap-2" : "flex max-h-[70dvh] flex-none flex-col gap-2"
          }
        >
          <div className="flex flex-wrap items-center justify-between gap-2">
            <h2 className="font-semibold text-base">{t("detail.runs", { count: runCount(execution) })}</h2>
            <SegmentedControl
              label={t("detail.view")}
              value={isGraph ? "graph" : "timeline"}
              onChange={(next) => change({ view: next === "graph" ? "graph" : undefined })}
              segments={[
                { value: "timeline", label: t("detail.timeline"), icon: ChartNoAxesGantt },
                { value: "graph", label: t("detail.graph"), icon: Network },
              ]}
            />
          </div>
          {isGraph ? (
            <Suspense fallback={<Skeleton className="min-h-80 w-full flex-1 rounded-lg" />}>
              <GraphOverlay
                execution={execution}
                runs={runs}
                chosen={run?.node}
                onChoose={(name) => change({ run: name })}
              />
            </Suspense>
          ) : (
            <Timeline
              execution={execution}
              runs={runs}
              chosen={run?.run}
              onChoose={(name) => change({ run: name })}
              onNearEnd={() => more.hasNextPage && !more.isFetchingNextPage && void more.fetchNextPage()}
            />
          )}
        </section>
        {!isWide && <WholePanel execution={execution} />}
      </div>
      {isWide ? (
        <aside
          aria-label={t("data.label")}
          className="flex w-[26rem] shrink-0 flex-col overflow-y-auto border-line border-s bg-panel p-4 2xl:w-[32rem]"
        >
          {panel ?? <WholePanel execution={execution} />}
          {panel && asked !== undefined && (
            <button
              type="button"
              onClick={() => change({ run: undefined })}
              className="mt-4 self-start rounded-sm text-accent-text text-xs hover:underline"
            >
              {t("data.whole")}
            </button>
          )}
        </aside>
      ) : (
        <Sheet
          open={panel !== undefined}
          onOpenChange={(open) => !open && change({ run: undefined })}
          title={t("data.label")}
        >
          {panel}
        </Sheet>
      )}
    </div>
  );
}

function runCount({ timeline, timelineLeftOut = 0 }: Execution): number {
  return timeline.length + timelineLeftOut;
}
