// Nothing here yet: what this place is for, and the first thing to do. At the start of the page, not in its middle.
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type EmptyStateProps = { icon: LucideIcon; title: string; children?: ReactNode; actions?: ReactNode };

export function EmptyState({ icon: Icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex max-w-xl flex-col items-start gap-3 rounded-lg border border-line-strong border-dashed p-6">
      <Icon aria-hidden className="size-6 text-faint" strokeWidth={1.5} />
      <div>
        <h2 className="font-semibold text-base">{title}</h2>
        {children && <div className="mt-1 text-muted text-sm">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
