// What the last run did at a node: an icon and a colour, and the number of items where it matters.

import { classes } from "../../ui/classes.ts";
import type { StatusName } from "../../ui/Status.tsx";
import { statuses, toneLooks } from "../../ui/Status.tsx";
import type { NodeState } from "../run/nodeStates.ts";

export function NodeStateBadge({ state }: { state: NodeState }) {
  const { tone, icon: Icon } = statuses[state.status as StatusName];
  return (
    <span
      className={classes("inline-flex h-5 items-center gap-1 rounded-full px-1.5 text-2xs", toneLooks[tone])}
    >
      <Icon
        aria-hidden
        className={classes("size-3", state.status === "running" && "animate-turn")}
        strokeWidth={2.25}
      />
      {state.runs > 1 && <span>{state.runs}×</span>}
    </span>
  );
}
