// A framed part of the page with its name, and how many things it holds where that is the point.
import { type ReactNode, useId } from "react";
import { useFormat } from "../i18n/useFormat.ts";

type PanelProps = { title: string; count?: number; isMore?: boolean; aside?: ReactNode; children: ReactNode };

export function Panel({ title, count = 0, isMore = false, aside, children }: PanelProps) {
  const id = useId();
  const format = useFormat();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border border-line bg-panel p-3.5">
      <div className="mb-1 flex items-center justify-between gap-2">
        <div className="flex min-w-0 items-center gap-2">
          <h2 id={id} className="font-semibold text-sm">
            {title}
          </h2>
          {count > 0 && (
            <span className="rounded-full bg-wait-soft px-1.5 font-medium text-2xs text-wait">
              {format.atLeast(count, isMore)}
            </span>
          )}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}
