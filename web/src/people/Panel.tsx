// A titled part of the page with its rows.
import type { ReactNode } from "react";

type PanelProps = { title: string; text?: string; actions?: ReactNode; children: ReactNode };

export function Panel({ title, text, actions, children }: PanelProps) {
  return (
    <section aria-label={title}>
      <div className="mb-2 flex flex-wrap items-end justify-between gap-2">
        <div>
          <h2 className="font-semibold text-base">{title}</h2>
          {text !== undefined && <p className="max-w-prose text-muted text-xs">{text}</p>}
        </div>
        {actions}
      </div>
      <div className="divide-y divide-line rounded-lg border border-line bg-panel">{children}</div>
    </section>
  );
}
