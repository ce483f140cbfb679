// How much, how many failed, how fast: three small charts over the same stretches of time.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Stats } from "../api/platform.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { BarChart } from "./BarChart.tsx";
import { LatencyChart } from "./LatencyChart.tsx";
import { Panel } from "./Panel.tsx";
import type { HomeRange } from "./ranges.ts";
import { summarise } from "./verdict.ts";

export function Charts({ range, steps }: { range: HomeRange; steps: Stats["items"] }) {
  const { t } = useTranslation("home");
  const format = useFormat();
  const { count, failures, share } = summarise(steps);
  const times = steps.map(({ key }) => Date.parse(key));
  const typical = median(steps);
  return (
    <div className="grid grid-cols-2 gap-2 md:gap-3 lg:grid-cols-3">
      <Panel title={t("charts.throughput")}>
        <Figure to={paths.executions({ range })} value={format.compact(count)} note={t("charts.ended")} />
        <BarChart
          label={t("charts.throughputLabel", { number: format.number(count) })}
          times={times}
          values={steps.map((step) => step.count)}
          tone="accent"
        />
      </Panel>
      <div className="grid lg:order-3">
        <Panel title={t("charts.failures")}>
          <Figure
            to={paths.executions({ range, status: "failed" })}
            value={format.compact(failures)}
            note={count === 0 ? "" : t("charts.share", { share: format.percent(1 - share) })}
          />
          <BarChart
            label={t("charts.failuresLabel", { number: format.number(failures) })}
            times={times}
            values={steps.map((step) => step.failures)}
            tone="fail"
          />
        </Panel>
      </div>
      <div className="col-span-2 grid lg:order-2 lg:col-span-1">
        <Panel title={t("charts.latency")}>
          <Figure
            to={paths.executions({ range })}
            value={typical ? `${format.duration(typical.p50)} / ${format.duration(typical.p95)}` : "–"}
            note={t("charts.percentiles")}
          />
          <LatencyChart
            label={t("charts.latencyLabel")}
            times={times}
            p50={steps.map((step) => step.p50)}
            p95={steps.map((step) => step.p95)}
          />
        </Panel>
      </div>
    </div>
  );
}

function Figure({ to, value, note }: { to: string; value: string; note: string }) {
  return (
    <Link
      to={to}
      className="group flex min-h-10 flex-wrap items-center gap-x-2 rounded-sm md:min-h-0 md:items-baseline"
    >
      <span className="font-semibold text-xl tracking-tight group-hover:underline md:text-2xl">{value}</span>
      <span className="text-muted text-xs">{note}</span>
    </Link>
  );
}

/** Of the steps, weighted by how many executions each counts. */
function median(steps: Stats["items"]): { p50: number; p95: number } | undefined {
  const counted = steps.filter(({ p50, p95 }) => p50 !== null && p95 !== null);
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefined;
  const at = (name: "p50" | "p95") => {
    let left = total / 2;
    for (const step of counted.toSorted((a, b) => (a[name] ?? 0) - (b[name] ?? 0))) {
      left -= step.count;
      if (left <= 0) return step[name] ?? 0;
    }
    return 0;
  };
  return { p50: at("p50"), p95: at("p95") };
}
