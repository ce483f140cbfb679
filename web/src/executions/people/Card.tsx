// The frame of something that waits: a mark, what it is, since when and until when, and what can be done.
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type CardProps = { icon: LucideIcon; title: string; facts: ReactNode; children?: ReactNode };

export function Card({ icon: Icon, title, facts, children }: CardProps) {
  return (
    <article className="flex gap-3 rounded-lg border border-line border-s-4 border-s-wait-fill bg-panel p-3">
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-wait" />
      <div className="min-w-0 flex-1">
        <h2 className="font-semibold text-base">{title}</h2>
        <p className="flex flex-wrap gap-x-3 text-muted text-xs">{facts}</p>
        {children && <div className="mt-2 grid gap-3">{children}</div>}
      </div>
    </article>
  );
}
