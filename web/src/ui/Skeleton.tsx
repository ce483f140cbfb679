// The shape of what is coming, while it comes. `SkeletonRows` has the layout of a list.
import { classes } from "./classes.ts";

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classes("animate-pulse-soft rounded-sm bg-sunken", className)} />;
}

export function SkeletonRows({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="rounded-lg border border-line bg-panel">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike
        <div key={index} className="flex h-12 items-center gap-4 border-line border-b px-4 last:border-b-0">
          <Skeleton className={index % 2 ? "h-3.5 w-40" : "h-3.5 w-56"} />
          <Skeleton className="h-4 w-16 rounded-full" />
          <Skeleton className="ms-auto hidden h-3.5 w-24 sm:block" />
          <Skeleton className="hidden h-3.5 w-20 md:block" />
        </div>
      ))}
    </div>
  );
}
