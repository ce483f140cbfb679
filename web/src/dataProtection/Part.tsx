// A titled part with its rows, and what it says when there are none.
import type { ReactNode } from "react";

type PartProps = { title: string; text: string; actions?: ReactNode; children: ReactNode };

export function Part({ title, text, actions, children }: PartProps) {
  return (
    <section aria-label={title} className="grid gap-3">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="font-semibold text-base">{title}</h2>
          <p className="max-w-prose text-muted text-sm">{text}</p>
        </div>
        {actions}
      </div>
      <div className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-panel">
        {children}
      </div>
    </section>
  );
}

export function Nothing({ children }: { children: ReactNode }) {
  return <p className="px-4 py-6 text-center text-muted text-sm">{children}</p>;
}
