// Quiet executions leave memory: a waiting one costs a row. They come back by an event, a timer or a child's end.
//
// Invariant (sim): only with an empty mailbox, nothing in the lane, nothing running, and a row that says when to come
// back. Anything else would lose what is under way, or make two states of one execution.
import type { LiveExecution } from "./execution.ts";
import { IDLE_MS } from "./limits.ts";
import type { Reign } from "./reign.ts";
import { waitsForChildrenOnly } from "./rowState.ts";
import { disarm } from "./wake.ts";

/** Something that kept it here has ended without a turn. */
export function maybeQuiet(reign: Reign, exec: LiveExecution): void {
  if (exec.committedSeq === exec.seq && !exec.isDropped) fellQuiet(reign, exec);
}

/** After a commit that left nothing behind. */
export function fellQuiet(reign: Reign, exec: LiveExecution): void {
  exec.touchedMs = reign.deps.clock.monotonic();
  if (exec.inIdleList || !mayLeave(reign, exec)) return;
  if (reign.live.size > reign.limits.executionsInMemoryMax) return leave(reign, exec);
  exec.inIdleList = true;
  if (reign.idle.size() === 0) reign.wheel.add(IDLE_MS, () => sweep(reign));
  reign.idle.push(exec);
}

function sweep(reign: Reign): void {
  if (reign.isOver) return;
  const nowMs = reign.deps.clock.monotonic();
  for (let exec = reign.idle.peek(); exec !== undefined; exec = reign.idle.peek()) {
    const restMs = exec.touchedMs + IDLE_MS - nowMs;
    const isGone = exec.isDropped || !mayLeave(reign, exec);
    if (!isGone && restMs > 0) {
      reign.wheel.add(restMs, () => sweep(reign));
      return;
    }
    reign.idle.shift();
    exec.inIdleList = false;
    if (!isGone) leave(reign, exec);
  }
}

export function mayLeave(reign: Reign, exec: LiveExecution): boolean {
  if (exec.isDropped || exec.isPoisoned || exec.isQueued || exec.mailbox.length > 0) return false;
  if (exec.committedSeq !== exec.seq || exec.activities.size > 0 || exec.isSnapshotting) return false;
  for (const link of exec.children.values()) if (link.isStarting) return false;
  // A row that says `running` is not looked for before the next takeover, unless children bring it back.
  if (exec.written.status !== "running") return reign.kernel.isIdle(exec.state);
  return exec.children.size > 0 && waitsForChildrenOnly(exec.state) && hasOpenChild(exec);
}

function hasOpenChild(exec: LiveExecution): boolean {
  for (const id in exec.state.commands) if (exec.state.commands[id]?.kind === "child") return true;
  return false;
}

function leave(reign: Reign, exec: LiveExecution): void {
  exec.isDropped = true;
  disarm(exec);
  reign.live.delete(exec.id);
  if (exec.written.wakeAtMs !== null) reign.wakes.expectCold(exec.written.wakeAtMs);
}
