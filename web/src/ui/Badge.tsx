// A small word beside a name: a tag, a count, a version.
import type { ReactNode } from "react";
import { classes } from "./classes.ts";
import { type Tone, toneLooks } from "./Status.tsx";

export function Badge({ tone = "quiet", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classes(
        "inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-sm px-1.5 font-medium text-2xs",
        toneLooks[tone],
      )}
    >
      {children}
    </span>
  );
}
