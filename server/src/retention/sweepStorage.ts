// One round of retention: rows first, then the files of executions that are gone, or whose payload is.
// Files of an execution lie in one folder, which goes as a whole. Files that people uploaded belong to no execution: they
// go when they are older than the organization keeps executions, and every execution that is still there began later.
import type { Blobs } from "../blobs/blobs.types.ts";
import { dayOf } from "../blobs/blobs.types.ts";
import type { Pool } from "../platform/db.ts";
import { type Retained, retain } from "./retain.ts";

const DAY_MS = 86_400_000;
/** A file is written before the turn that names it, and a start may wait for its place: young ones are left alone. */
const YOUNG_MS = 2 * DAY_MS;
const ASKED_AT_ONCE = 1_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type Swept = Retained & { files: number; bytes: number };

export async function sweepStorage(
  pool: Pool,
  blobs: Pick<Blobs, "folders" | "deleteExecution">,
  about: { nowMs: number; days: number },
): Promise<Swept> {
  const retained = await retain(pool, about);
  const freed = { files: 0, bytes: 0 };
  const youngest = dayOf(about.nowMs - YOUNG_MS);
  for await (const { orgId, day, executionIds } of blobs.folders()) {
    if (day >= youngest || !UUID.test(orgId)) continue;
    for (const executionId of await unneeded(pool, { orgId, day, executionIds, ...about })) {
      const { files, bytes } = await blobs.deleteExecution({ orgId, day, executionId });
      freed.files += files;
      freed.bytes += bytes;
    }
  }
  return { ...retained, ...freed };
}

async function unneeded(
  pool: Pool,
  about: { orgId: string; day: string; executionIds: string[]; nowMs: number; days: number },
): Promise<string[]> {
  const { orgId, day, executionIds } = about;
  const gone: string[] = [];
  const ids = executionIds.filter((id) => UUID.test(id));
  for (let from = 0; from < ids.length; from += ASKED_AT_ONCE) {
    const asked = ids.slice(from, from + ASKED_AT_ONCE);
    const needed = await withPayload(pool, orgId, asked);
    gone.push(...asked.filter((id) => !needed.has(id)));
  }
  const others = executionIds.filter((id) => !UUID.test(id));
  if (others.length > 0 && day < (await uploadsBefore(pool, orgId, about.nowMs, about.days)))
    gone.push(...others);
  return gone;
}

async function withPayload(pool: Pool, orgId: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: "with-payload",
    text: `SELECT id FROM workflow_executions e WHERE org_id = $1 AND id = ANY ($2::uuid[])
      AND (completed_at IS NULL OR EXISTS (SELECT 1 FROM turns t WHERE t.execution_id = e.id))`,
    values: [orgId, ids],
  });
  return new Set(rows.map(({ id }) => id));
}

/** Uploads of days before this one are needed by nobody. */
async function uploadsBefore(pool: Pool, orgId: string, nowMs: number, days: number): Promise<string> {
  const { rows } = await pool.query<{ oldest: string | null; days: number | null }>({
    name: "uploads-before",
    text: `SELECT (SELECT id::text FROM workflow_executions WHERE org_id = $1 ORDER BY id LIMIT 1) AS oldest,
      (SELECT retention_days FROM organizations WHERE id = $1) AS days`,
    values: [orgId],
  });
  const [row] = rows;
  const kept = dayOf(nowMs - (row?.days ?? days) * DAY_MS);
  if (!row?.oldest) return kept;
  const oldest = dayOf(Number.parseInt(row.oldest.replaceAll("-", "").slice(0, 12), 16));
  const [first = kept] = [oldest, kept].sort();
  return first;
}
