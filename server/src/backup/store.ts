// SQL of the runs: what was done about backups, and how it ended. By the engine's role: they belong to no organization.
import type { SentencePart } from "@auraos/contract";
import type { Pool } from "../platform/db.ts";
import { type Said, say } from "../platform/say.ts";

export type RunKind = "backup" | "drill";
export type RunRow = {
  id: string;
  kind: RunKind;
  state: "running" | "done" | "failed";
  backup: string | null;
  startedBy: string;
  startedAt: Date;
  endedAt: Date | null;
  /** Figures, and `failureParts`: the failure sentence by sentence, where it has parts. */
  report: Record<string, unknown>;
  failure: string | null;
};

const COLUMNS = `id, kind, state, backup, started_by AS "startedBy", started_at AS "startedAt", ended_at AS "endedAt", report, failure`;

const interrupted = say("backup.interrupted", {});

export async function insertRun(
  pool: Pool,
  run: Pick<RunRow, "id" | "kind" | "startedBy" | "startedAt" | "backup">,
): Promise<void> {
  await pool.query(
    "INSERT INTO backup_runs (id, kind, started_by, started_at, backup) VALUES ($1, $2, $3, $4, $5)",
    [run.id, run.kind, run.startedBy, run.startedAt, run.backup],
  );
}

export async function endRun(
  pool: Pool,
  run: Pick<RunRow, "id" | "state" | "backup" | "endedAt" | "report" | "failure">,
): Promise<void> {
  await pool.query(
    "UPDATE backup_runs SET state = $2, backup = coalesce($3, backup), ended_at = $4, report = $5, failure = $6 WHERE id = $1",
    [run.id, run.state, run.backup, run.endedAt, run.report, run.failure],
  );
}

/** Why a run failed, as people are told of it. */
export function failureOf({ failure, report }: Pick<RunRow, "failure" | "report">): Said {
  return { text: failure ?? "", parts: (report.failureParts as SentencePart[] | undefined) ?? null };
}

/** Runs of a process that is gone; also the one inside each backup that was restored. */
export async function failOpenRuns(pool: Pool, at: Date): Promise<void> {
  await pool.query(
    `UPDATE backup_runs SET state = 'failed', ended_at = $1, failure = $2, report = report || jsonb_build_object('failureParts', $3::jsonb)
     WHERE state = 'running'`,
    [at, interrupted.text, JSON.stringify(interrupted.parts)],
  );
}

export async function findRun(pool: Pool, id: string): Promise<RunRow | undefined> {
  const { rows } = await pool.query<RunRow>(`SELECT ${COLUMNS} FROM backup_runs WHERE id = $1`, [id]);
  return rows[0];
}

/** Newest first; `after`: id of the last one seen. */
export async function listRuns(
  pool: Pool,
  query: { kind: RunKind | null; after: string | null; limit: number },
): Promise<RunRow[]> {
  const { rows } = await pool.query<RunRow>(
    `SELECT ${COLUMNS} FROM backup_runs WHERE ($1::text IS NULL OR kind = $1) AND ($2::uuid IS NULL OR id < $2)
     ORDER BY id DESC LIMIT $3`,
    [query.kind, query.after, query.limit],
  );
  return rows;
}

export async function findLastRun(pool: Pool, kind: RunKind): Promise<RunRow | undefined> {
  const { rows } = await pool.query<RunRow>(
    `SELECT ${COLUMNS} FROM backup_runs WHERE kind = $1 AND state <> 'running' ORDER BY id DESC LIMIT 1`,
    [kind],
  );
  return rows[0];
}
