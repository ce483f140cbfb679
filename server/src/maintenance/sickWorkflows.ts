// Counts how many executions of a workflow failed in a row, and pauses it when there are as many as its limits say. Memory
// decides at once; the table follows, one workflow at a time, and what it does not take is tried again, so that another
// server that takes over counts on. The pause and the event that tells of it are one transaction.
import type { FinalStatus } from "@auraos/kernel";
import { platformEvent } from "../events/happenings.ts";
import { publishWithin } from "../events/publishWithin.ts";
import { type Pool, transaction } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { type Said, say } from "../platform/say.ts";
import { type LimitRow, noteFailures } from "./guardStore.ts";

export type SickWorkflows = {
  /** Of an execution of the workflow that `limit` is about. */
  ended(limit: LimitRow, end: Ended): void;
  /** Before the table is read. Gives what says whether memory is ahead of what was read then. */
  reading(): (workflowId: string) => boolean;
  /** Tries again what the table did not take. */
  writeAgain(): void;
  stop(): Promise<void>;
};

type Ended = { executionId: string; status: FinalStatus; message: string };
type Pause = { said: Said; failures: number; executionId: string };
type Owed = { limit: LimitRow; failures: number; pause: Pause | null };

const STOP_MS = 2_000;

export function createSickWorkflows({ pool, nowMs, log, onPause }: SickParts): SickWorkflows {
  const owed = new Map<string, Owed>();
  /** When each workflow was written last, in the order of writings and readings. */
  const writtenAt = new Map<string, number>();
  let order = 0;
  let writing: Promise<void> | undefined;
  return { ended, reading, writeAgain, stop };

  function ended(limit: LimitRow, { executionId, status, message }: Ended): void {
    const failures = status === "failed" ? limit.failures + 1 : status === "succeeded" ? 0 : limit.failures;
    if (failures === limit.failures) return;
    limit.failures = failures;
    const isSick = !limit.paused && limit.pauseAfterFailures !== null && failures >= limit.pauseAfterFailures;
    const said = say("workflow.sick", { failures, message });
    const reason = said.text;
    // Nothing more starts from this moment, whatever the database says when.
    if (isSick) {
      Object.assign(limit, { paused: true, pauseReason: reason });
      log("warn", "a workflow was paused", { workflow: limit.workflowId, reason });
    }
    const before = owed.get(limit.workflowId);
    const earlier = before?.limit.mark === limit.mark ? before.pause : null;
    owed.set(limit.workflowId, {
      limit,
      failures,
      pause: isSick ? { said, failures, executionId } : earlier,
    });
    writeAgain();
  }

  function reading() {
    order += 1;
    const since = order;
    return (workflowId: string) => owed.has(workflowId) || (writtenAt.get(workflowId) ?? 0) > since;
  }

  function writeAgain(): void {
    writing ??= writeAll().finally(() => {
      writing = undefined;
    });
  }

  async function writeAll(): Promise<void> {
    for (let tries = owed.size; tries > 0; tries = owed.size)
      for (const [workflowId, one] of owed) {
        try {
          await write(one);
        } catch (error) {
          log("warn", "the failures of a workflow could not be counted", { workflow: workflowId, error });
          return;
        }
        order += 1;
        writtenAt.set(workflowId, order);
        // There may be one more failure by now.
        if (owed.get(workflowId) === one) owed.delete(workflowId);
      }
  }

  async function write({ limit, failures, pause }: Owed): Promise<void> {
    const { orgId, workflowId, mark } = limit;
    await transaction(pool, async (tx) => {
      const workflowName = await noteFailures(tx, {
        ...{ workflowId, mark, failures, pauseReason: pause?.said ?? null },
      });
      // A person has changed the limits meanwhile, or it is told already.
      if (pause === null || workflowName === undefined) return;
      const { said, ...about } = pause;
      const data = { workflowId, workflowName, reason: said.text, ...about };
      const event = platformEvent("auraos.workflow.paused", `${workflowId}/paused/${mark}`, nowMs(), data);
      await publishWithin(tx, orgId, [{ ...event, subject: workflowName }]);
    });
    if (pause !== null) onPause(orgId);
  }

  async function stop(): Promise<void> {
    writeAgain();
    await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
  }
}

type SickParts = {
  pool: Pool;
  nowMs: () => number;
  log: Log;
  /** After it can be read. */
  onPause(orgId: string): void;
};
