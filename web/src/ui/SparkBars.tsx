// The last runs as bars: height is how long, colour and shape how it ended (a failure is full height with a gap at its
// foot, so that it differs without colour too). Spoken as one sentence by its label.
import { classes } from "./classes.ts";
import type { Tone } from "./Status.tsx";

export type SparkBar = { key: string; value: number; tone: Tone };

const fills: Record<Tone, string> = {
  ok: "bg-ok-fill/70",
  run: "bg-run-fill animate-pulse-soft",
  wait: "bg-wait-fill",
  fail: "bg-fail-fill",
  quiet: "bg-line-strong",
  accent: "bg-accent",
};

type SparkBarsProps = { bars: readonly SparkBar[]; label: string; slots?: number };

export function SparkBars({ bars, label, slots = 16 }: SparkBarsProps) {
  const shown = bars.slice(-slots);
  const most = Math.max(0, ...shown.map(({ value }) => value));
  return (
    <div role="img" aria-label={label} className="flex h-5 items-end gap-0.5" dir="ltr">
      {Array.from({ length: slots - shown.length }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: empty places are alike
        <i key={index} className="h-0.5 w-1 rounded-xs bg-line" />
      ))}
      {shown.map((bar) => (
        <i
          key={bar.key}
          className={classes(
            "w-1 rounded-xs",
            fills[bar.tone],
            bar.tone === "fail" && "border-panel border-b-2",
          )}
          style={{ height: bar.tone === "fail" ? "100%" : heightOf(bar.value, most) }}
        />
      ))}
    </div>
  );
}

/** By the root, so that one slow run does not flatten the others; equal ones are equally high, also where all are 0. */
function heightOf(value: number, most: number): string {
  return `${Math.round(20 + 70 * Math.sqrt((value + 1) / (most + 1)))}%`;
}
