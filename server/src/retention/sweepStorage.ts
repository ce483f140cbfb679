// One round of retention: rows first, then the blobs of days from which nothing is kept any more.
// A blob lies under the day on which its execution began, so a day may go only when the oldest execution that is still
// there, open or kept, began later.
import { dayOf } from "../blobs/blobs.types.ts";
import type { Pool } from "../platform/db.ts";
import { type Retained, retain } from "./retain.ts";

const DAY_MS = 86_400_000;

export type Swept = Retained & { blobDays: number };

export async function sweepStorage(
  pool: Pool,
  blobs: { deleteBefore(day: string): Promise<number> },
  about: { nowMs: number; days: number },
): Promise<Swept> {
  const retained = await retain(pool, about);
  const oldest = await oldestExecution(pool);
  const blobDays = await blobs.deleteBefore(dayOf(oldest ?? about.nowMs - 2 * DAY_MS));
  return { ...retained, blobDays };
}

/** When the oldest execution began (ms since 1970, from its id); null when there is none. */
async function oldestExecution(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM workflow_executions ORDER BY id LIMIT 1");
  const id = rows[0]?.id;
  return id === undefined ? null : Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
}
