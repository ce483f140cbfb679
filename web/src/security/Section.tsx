// A titled part of the page.
import type { ReactNode } from "react";

type SectionProps = { title: string; text?: string; action?: ReactNode; children: ReactNode };

export function Section({ title, text, action, children }: SectionProps) {
  return (
    <section aria-label={title}>
      <div className="mb-2 flex flex-wrap items-end justify-between gap-2">
        <div>
          <h2 className="font-semibold text-base">{title}</h2>
          {text !== undefined && <p className="max-w-prose text-muted text-xs">{text}</p>}
        </div>
        {action}
      </div>
      <div className="divide-y divide-line rounded-lg border border-line bg-panel">{children}</div>
    </section>
  );
}

export function Row({ title, text, children }: { title: ReactNode; text?: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex min-h-14 flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2">
      <div className="min-w-0 flex-1 basis-56">
        <div className="font-medium">{title}</div>
        {text !== undefined && <div className="max-w-prose text-muted text-xs">{text}</div>}
      </div>
      {children}
    </div>
  );
}
