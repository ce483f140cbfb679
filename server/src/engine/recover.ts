// Takeover: every execution with work under way comes back into memory and goes on; then timers and inbox.
// Executions that wait stay where they are: a takeover costs what runs, not what exists.
import { pause } from "./backoff.ts";
import { messageOf } from "./errors.ts";
import { readInbox } from "./inbox.ts";
import { LOAD_PAGE } from "./limits.ts";
import type { Reign } from "./reign.ts";

export async function recover(reign: Reign): Promise<void> {
  const { store, clock, log } = reign.deps;
  const begunMs = clock.monotonic();
  await openGate(reign);
  let after: string | null = null;
  let count = 0;
  for (let attempt = 0; !reign.isOver; ) {
    try {
      const ids: string[] = await store.runningExecutions(after, LOAD_PAGE);
      const { suspects } = reign;
      const loads = ids.map((id) => ({
        isAlone: suspects?.isAlone(id) === true,
        load: reign.loader.get(id),
      }));
      await Promise.all(loads.filter(({ isAlone }) => !isAlone).map(({ load }) => load));
      count += ids.length;
      after = ids.at(-1) ?? after;
      attempt = 0;
      if (ids.length < LOAD_PAGE) break;
    } catch (error) {
      log("warn", "recovery waits for the database", { error: messageOf(error) });
      await pause(clock, attempt++);
    }
  }
  if (reign.isOver) return;
  await readInbox(reign);
  reign.wakes.begin();
  log("info", "recovered", { executions: count, ms: Math.round(clock.monotonic() - begunMs) });
}

/** Before anything ends or starts: what is open holds its places. */
async function openGate(reign: Reign): Promise<void> {
  const { gate, clock, log } = reign.deps;
  for (let attempt = 0; gate !== undefined && !reign.isOver; attempt++) {
    try {
      return await gate.open(reign.lease.epoch());
    } catch (error) {
      log("warn", "places wait for the database", { error: messageOf(error) });
      await pause(clock, attempt);
    }
  }
}
