// A row of the gallery: the component's name and its states.
import type { ReactNode } from "react";

export function Pieces({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-px overflow-hidden rounded-lg border border-line bg-line">
      <h2 className="bg-bg px-4 py-2 font-semibold text-base">{title}</h2>
      {children}
    </section>
  );
}

export function Piece({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-3 bg-panel px-4 py-4 md:grid-cols-[10rem_minmax(0,1fr)]">
      <code className="font-mono text-muted text-xs leading-7">{name}</code>
      <div className="flex min-w-0 flex-wrap items-start gap-3">{children}</div>
    </div>
  );
}
