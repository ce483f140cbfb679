// Where the time of a node run went. With attempts and waits, a bar each: what failed is marked at its end as well, and
// pauses and waits are striped, so that none of it is told by colour alone.
import type { NodeRunView } from "@auraos/contract";
import { classes } from "../../ui/classes.ts";
import { barOf, type Scale } from "./scale.ts";

type Kind = NonNullable<NodeRunView["spans"]>[number]["kind"];

const striped =
  "border border-wait-fill/60 bg-[repeating-linear-gradient(45deg,var(--wait-soft)_0_4px,var(--panel)_4px_8px)]";

export const barLooks: Record<NodeRunView["status"], string> = {
  running: "bg-run-fill animate-pulse-soft",
  waiting: striped,
  parked: striped,
  succeeded: "bg-ok-fill/70",
  failed: "bg-fail-fill",
  cancelled: "bg-line-strong",
  skipped: "bg-line",
};

const spanLooks: Record<Kind, string> = {
  attempt: "",
  failed: "bg-fail-fill border-panel border-e-2",
  backoff: striped,
  wait: striped,
};

export function Bars({ run, scale }: { run: NodeRunView; scale: Scale }) {
  const own = barLooks[run.status];
  const spans = run.spans ?? [];
  if (spans.length === 0) return <One scale={scale} at={run.startedAt} endedAt={run.endedAt} looks={own} />;
  return (
    <>
      <One scale={scale} at={run.startedAt} endedAt={run.endedAt} looks="bg-line h-0.5! top-[7px]!" />
      {spans.map((span, index) => (
        <One
          // biome-ignore lint/suspicious/noArrayIndexKey: items that ran at the same time have equal spans
          key={`${index} ${span.kind} ${span.at}`}
          scale={scale}
          at={span.at}
          endedAt={span.endedAt}
          looks={
            span.kind === "attempt"
              ? span.endedAt === null
                ? own
                : barLooks.succeeded
              : spanLooks[span.kind]
          }
        />
      ))}
    </>
  );
}

type OneProps = { scale: Scale; at: string; endedAt: string | null; looks: string };

function One({ scale, at, endedAt, looks }: OneProps) {
  const { start, width } = barOf(scale, at, endedAt);
  return (
    <i
      className={classes("absolute top-0.5 h-3 rounded-xs", looks)}
      style={{ insetInlineStart: `${start}%`, width: `${width}%`, minWidth: 3 }}
    />
  );
}
