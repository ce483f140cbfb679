// How long executions took: the middle as a line, the slow end as the edge of an area. By the logarithm, because a
// slow hour is a thousand times a fast one.
import { useTranslation } from "react-i18next";
import { useFormat } from "../i18n/useFormat.ts";
import { ChartAxis } from "./ChartAxis.tsx";

type Values = readonly (number | null)[];
type LatencyChartProps = { label: string; times: readonly number[]; p50: Values; p95: Values };

const HEIGHT = 56;

export function LatencyChart({ label, times, p50, p95 }: LatencyChartProps) {
  const { t } = useTranslation("home");
  const format = useFormat();
  const most = Math.max(1, ...p95.map((value) => Math.log1p(value ?? 0)));
  const yOf = (ms: number) => HEIGHT - 2 - (Math.log1p(ms) / most) * (HEIGHT - 6);
  return (
    <figure className="mt-3 max-md:hidden" dir="ltr">
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${times.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-14 w-full"
      >
        <rect x={0} width={times.length} y={HEIGHT - 1} height={1} className="fill-line" />
        {p95.map((slow, index) => {
          const middle = p50[index] ?? null;
          if (slow === null || middle === null) return null;
          return (
            <g key={times[index]}>
              <rect
                x={index + 0.12}
                width={0.76}
                y={yOf(slow)}
                height={Math.max(2, yOf(middle) - yOf(slow))}
                className="fill-run-fill/35"
              />
              <rect
                x={index + 0.12}
                width={0.76}
                y={yOf(middle) - 1}
                height={2.5}
                className="fill-run-fill"
              />
              <rect
                x={index}
                width={1}
                y={0}
                height={HEIGHT}
                className="fill-transparent hover:fill-hover/60"
              >
                <title>
                  {t("charts.at", {
                    time: format.exact(times[index] ?? 0),
                    value: `${format.duration(middle)} / ${format.duration(slow)}`,
                  })}
                </title>
              </rect>
            </g>
          );
        })}
      </svg>
      <ChartAxis times={times} />
    </figure>
  );
}
