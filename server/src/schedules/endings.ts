// Writes down how scheduled executions ended. A schedule that is paused because they fail is an event, so that a workflow can tell
// somebody: the pause and its event are one transaction, as that of a workflow is (maintenance/sickWorkflows.ts).
import { platformEvent } from "../events/happenings.ts";
import { publishWithin } from "../events/publishWithin.ts";
import { type Pool, transaction } from "../platform/db.ts";
import { type Ending, writeEndings } from "./schedulerStore.ts";

/** Of several endings of one schedule, give them in separate calls. */
export async function noteEndings(pool: Pool, endings: readonly Ending[], nowMs: number): Promise<void> {
  if (endings.every(({ pauseReason }) => pauseReason === null)) {
    await writeEndings(pool, endings);
    return;
  }
  await transaction(pool, async (tx) => {
    const changed = await writeEndings(tx, endings);
    const told = endings.filter(
      ({ scheduleId, pauseReason }) => pauseReason !== null && changed.has(scheduleId),
    );
    // In one order, whoever does it: streams of organizations are locked.
    const byOrg = [...Map.groupBy(told, ({ orgId }) => orgId)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [orgId, own] of byOrg)
      await publishWithin(
        tx,
        orgId,
        own.map((one) => eventOf(one, nowMs)),
      );
  });
}

function eventOf({ scheduleId, executionId, about, pauseReason }: Ending, nowMs: number) {
  const data = { scheduleId, ...about, executionId, reason: pauseReason?.text ?? "" };
  return platformEvent("auraos.schedule.paused", `${scheduleId}/paused/${executionId}`, nowMs, data);
}
