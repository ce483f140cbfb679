// Nothing here yet: what this place is for, and the first thing to do. It stands where the content will stand, as wide
// as that.
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type EmptyStateProps = { icon: LucideIcon; title: string; children?: ReactNode; actions?: ReactNode };

export function EmptyState({ icon: Icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-4 rounded-lg border border-line-strong border-dashed px-6 py-10 text-center sm:py-14">
      <span className="grid size-11 place-items-center rounded-xl bg-sunken text-muted">
        <Icon aria-hidden className="size-5" strokeWidth={1.75} />
      </span>
      <div className="max-w-lg">
        <h2 className="font-semibold text-base">{title}</h2>
        {children && <div className="mt-1.5 text-balance text-muted text-sm">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
