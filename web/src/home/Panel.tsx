// A framed part of the page with its name.
import { type ReactNode, useId } from "react";

export function Panel({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border border-line bg-panel p-3.5">
      <div className="mb-1 flex items-baseline justify-between gap-2">
        <h2 id={id} className="font-semibold text-sm">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
