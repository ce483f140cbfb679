// The first and the last moment of a chart.
import { useFormat } from "../i18n/useFormat.ts";

const DAY_MS = 86_400_000;

export function ChartAxis({ times }: { times: readonly number[] }) {
  const format = useFormat();
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return null;
  const shape: Intl.DateTimeFormatOptions =
    last - first > DAY_MS * 1.5 ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" };
  const text = new Intl.DateTimeFormat(format.language, shape);
  return (
    <figcaption className="mt-1 flex justify-between text-2xs text-faint">
      <span>{text.format(first)}</span>
      <span>{text.format(last)}</span>
    </figcaption>
  );
}
