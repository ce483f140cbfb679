// The platform's own happenings as events: how executions end, who is waited for, what was set aside.
// A turn is told once it is committed, so a crash right after a commit loses the telling, not the fact: with every reign
// what ended since the last mark is told again, and the event ids make the repetition harmless.
import type { Fact, Json, JsonObject } from "@auraos/kernel";
import type { CommittedTurn } from "../engine/engine.types.ts";
import { firstIdAt } from "../executions/executionTime.ts";
import type { Pool } from "../platform/db.ts";
import type { NewEvent } from "./bus.types.ts";

export const PLATFORM_SOURCE = "/auraos";
const OUTPUT_LENGTH_MAX = 100_000;
const RECOVERED_DAYS = 30;
/** What happened this long before the mark may be told or noted by nobody yet. */
export const OVERLAP_MS = 30_000;

type About = { workflowId: string; workflowName: string; executionId: string };

/** Of one turn; `wants` says whether anybody listens to ends in good order, which are too many to keep for nobody. */
export function happeningsOf(
  turn: CommittedTurn,
  workflowName: string,
  wants: (type: string) => boolean,
): NewEvent[] {
  const about = { workflowId: turn.workflowId, workflowName, executionId: turn.executionId };
  return turn.facts.flatMap((fact) => happening(fact, about, turn.atMs, wants) ?? []);
}

/** Whether a turn has anything to tell, before anything is looked up for it. */
export function tells(fact: Fact): boolean {
  return (
    fact.t === "ExecutionFinished" ||
    fact.t === "NodeParked" ||
    (fact.t === "WaitOpened" && fact.kind === "approval")
  );
}

function happening(
  fact: Fact,
  about: About,
  atMs: number,
  wants: (type: string) => boolean,
): NewEvent | undefined {
  switch (fact.t) {
    case "ExecutionFinished": {
      const type = `auraos.execution.${fact.status}`;
      if (fact.status === "succeeded" && !wants(type)) return undefined;
      return executionEnded(about, fact.status, atMs, {
        ...(fact.output === undefined ? {} : outputOf(fact.output)),
        ...(fact.failure ? { error: { code: fact.failure.code, message: fact.failure.message } } : {}),
      });
    }
    case "WaitOpened":
      if (fact.kind !== "approval") return undefined;
      return eventOf("auraos.approval.waiting", `${about.executionId}/${fact.wait}`, about, atMs, {
        wait: fact.wait,
        title: fact.title ?? "",
        assignees: fact.assignees ?? [],
      });
    case "NodeParked":
      return eventOf(
        "auraos.execution.parked",
        `${about.executionId}/${fact.run}/${fact.attempt ?? 0}`,
        about,
        atMs,
        {
          run: fact.run,
          error: { code: fact.failure.code, message: fact.failure.message },
        },
      );
    default:
      return undefined;
  }
}

export function executionEnded(about: About, status: string, atMs: number, more: JsonObject): NewEvent {
  return eventOf(`auraos.execution.${status}`, `${about.executionId}/ended`, about, atMs, {
    status,
    ...more,
  });
}

/** Of any capability: `id` is the same whenever the same happening is told again. */
export function platformEvent(
  type: `auraos.${string}`,
  id: string,
  atMs: number,
  data: JsonObject,
): NewEvent {
  return {
    specversion: "1.0",
    id,
    source: PLATFORM_SOURCE,
    type,
    time: new Date(atMs).toISOString(),
    datacontenttype: "application/json",
    data,
  };
}

function eventOf(
  type: `auraos.${string}`,
  id: string,
  about: About,
  atMs: number,
  more: JsonObject,
): NewEvent {
  return { ...platformEvent(type, id, atMs, { ...about, ...more }), subject: about.workflowName };
}

function outputOf(output: Json): JsonObject {
  return JSON.stringify(output).length > OUTPUT_LENGTH_MAX ? { outputTooLarge: true } : { output };
}

export type EndedRow = About & {
  orgId: string;
  status: string;
  completedMs: number;
  errorCode: string | null;
  errorMessage: string | null;
};

/** Executions that ended around or after the mark. */
export async function listEndedSince(pool: Pool, nowMs: number, limit: number): Promise<EndedRow[]> {
  const { rows } = await pool.query<EndedRow>(
    `SELECT e.id AS "executionId", e.org_id AS "orgId", e.workflow_id AS "workflowId",
       coalesce(w.name, '') AS "workflowName", e.status, e.error_code AS "errorCode", e.error_message AS "errorMessage",
       (extract(epoch FROM e.completed_at) * 1000)::float8 AS "completedMs"
     FROM workflow_executions e LEFT JOIN workflows w ON w.id = e.workflow_id, event_happenings h
     WHERE e.id >= $1 AND e.completed_at >= h.through - make_interval(secs => $2)
     ORDER BY e.id LIMIT $3`,
    [firstIdAt(nowMs - RECOVERED_DAYS * 86_400_000), OVERLAP_MS / 1000, limit],
  );
  return rows;
}

/** Everything that ended before is told. */
export async function setMark(pool: Pool, throughMs: number): Promise<void> {
  await pool.query(
    `INSERT INTO event_happenings (through) VALUES (to_timestamp($1::float8 / 1000))
     ON CONFLICT (single) DO UPDATE SET through = EXCLUDED.through`,
    [throughMs],
  );
}
