// Bars over time. What a bar stands for is told on hover; as a whole the chart is one sentence.
import { useTranslation } from "react-i18next";
import { useFormat } from "../i18n/useFormat.ts";
import { ChartAxis } from "./ChartAxis.tsx";

type BarChartProps = {
  label: string;
  times: readonly number[];
  values: readonly number[];
  tone: "accent" | "fail";
};

const HEIGHT = 56;
const fills = { accent: "fill-accent/55", fail: "fill-fail-fill" };

export function BarChart({ label, times, values, tone }: BarChartProps) {
  const { t } = useTranslation("home");
  const format = useFormat();
  const most = Math.max(1, ...values);
  return (
    <figure className="mt-3 max-md:hidden" dir="ltr">
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${values.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-14 w-full"
      >
        {values.map((value, index) => {
          const height = value === 0 ? 1 : Math.max(3, (value / most) * HEIGHT);
          return (
            <g key={times[index]}>
              <rect
                x={index + 0.12}
                width={0.76}
                y={HEIGHT - height}
                height={height}
                className={value === 0 ? "fill-line" : fills[tone]}
              />
              <rect
                x={index}
                width={1}
                y={0}
                height={HEIGHT}
                className="fill-transparent hover:fill-hover/60"
              >
                <title>
                  {t("charts.at", { time: format.exact(times[index] ?? 0), value: format.number(value) })}
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
