// Home: whether work flows and what needs a person, in one sentence; then the numbers behind it, each of which opens
// the executions it counts.
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useWorkflows } from "../api/workflows.ts";
import { paths } from "../paths.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { Charts } from "./Charts.tsx";
import { FailureCauses } from "./FailureCauses.tsx";
import { FirstRun } from "./FirstRun.tsx";
import { HomeSkeleton } from "./HomeSkeleton.tsx";
import { NeedsYou } from "./NeedsYou.tsx";
import { OpenAlerts } from "./OpenAlerts.tsx";
import { RunningNow } from "./RunningNow.tsx";
import { type HomeRange, homeRanges, rangeOf } from "./ranges.ts";
import { SlowestWorkflows } from "./SlowestWorkflows.tsx";
import { UpcomingFires } from "./UpcomingFires.tsx";
import { useHome } from "./useHome.ts";
import { Verdict } from "./Verdict.tsx";

export function HomePage() {
  const { t } = useTranslation("home");
  const [view, setView] = useSearchParams();
  const range = rangeOf(view.get("range"));
  const { time, workflows, causes, running, parked, waits, limits } = useHome(range);
  const known = useWorkflows();
  const queries = [time, workflows, causes, running, parked, waits, limits, known];
  const failed = queries.find(({ error, data }) => error && !data);
  const choose = (next: HomeRange) => setView(next === "24h" ? {} : { range: next }, { replace: true });

  // What a person decides about stands among the waits; only what the engine itself set aside does not.
  const deciding = new Set(waits.data?.items.map(({ executionId }) => executionId));
  const broken = parked.data?.items.filter(({ id }) => !deciding.has(id)) ?? [];
  const isEmpty = known.data?.pages[0]?.items.length === 0;
  // Failures paused it, not a person: that one knows.
  const sick = limits.data?.filter(({ paused, failures }) => paused && failures > 0) ?? [];
  const isLoaded =
    time.data &&
    workflows.data &&
    causes.data &&
    running.data &&
    parked.data &&
    waits.data &&
    limits.data &&
    known.data;
  return (
    <Page
      title={t("title")}
      actions={
        isLoaded && !isEmpty ? (
          <Button asChild tone="primary">
            <Link to={paths.newWorkflow()}>
              <Plus aria-hidden className="size-4" />
              <span className="max-sm:sr-only">{t("newWorkflow")}</span>
            </Link>
          </Button>
        ) : null
      }
    >
      {failed ? (
        <ErrorState
          error={failed.error}
          onRetry={() => queries.forEach((query) => void query.refetch())}
          busy={failed.isFetching}
        />
      ) : !isLoaded ? (
        <HomeSkeleton />
      ) : isEmpty ? (
        <FirstRun />
      ) : (
        <>
          <div className="flex flex-wrap items-start justify-between gap-3">
            <Verdict
              range={range}
              steps={time.data.items}
              waits={waits.data.items}
              stopped={broken.length + sick.length}
              isMore={waits.data.next !== undefined}
            />
            <SegmentedControl
              label={t("range")}
              value={range}
              onChange={choose}
              segments={Object.keys(homeRanges).map((one) => ({
                value: one as HomeRange,
                label: t(`ranges.${one}`),
              }))}
            />
          </div>
          <Charts range={range} steps={time.data.items} />
          <div className="grid items-start gap-3 lg:grid-cols-[3fr_2fr]">
            <div className="grid gap-3">
              <OpenAlerts />
              <NeedsYou
                waits={waits.data.items}
                parked={broken}
                sick={sick}
                isMore={waits.data.next !== undefined}
              />
              <FailureCauses range={range} causes={causes.data.items} />
            </div>
            <div className="grid gap-3">
              <UpcomingFires />
              <RunningNow executions={running.data.items} isMore={running.data.next !== undefined} />
              <SlowestWorkflows range={range} rows={workflows.data.items} />
            </div>
          </div>
        </>
      )}
    </Page>
  );
}
