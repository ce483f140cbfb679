// Times of a rule for those that keep a clock of their own: checked with every problem at its field, and asked what was
// due last and what comes next. An action file: other capabilities may use it.
import type { Transaction } from "../platform/db.ts";
import { compiled, specOf } from "./compile.ts";
import { lastFire, nextFire } from "./fires.ts";
import { previewOf } from "./view.ts";

type Given = Record<string, unknown>;

/** Refuses a wrong rule; the first fire after `nowMs`, jitter included, null = never. */
export async function checkedNext(
  tx: Transaction,
  about: { orgId: string; id: string; spec: Given; nowMs: number },
): Promise<number | null> {
  const spec = await compiled(tx, about.orgId, specOf(about.spec), about.id);
  return nextFire(spec, about.nowMs)?.atMs ?? null;
}

/** Of everything from `dueMs` up to now: the last one, and what comes after now. */
export async function nextDue(
  tx: Transaction,
  about: { orgId: string; id: string; spec: Given; dueMs: number; nowMs: number },
): Promise<{ lastMs: number; nextMs: number | null }> {
  const spec = await compiled(tx, about.orgId, specOf(about.spec), about.id);
  const last = lastFire(spec, about.dueMs - 1, about.nowMs);
  return { lastMs: last?.atMs ?? about.dueMs, nextMs: nextFire(spec, about.nowMs)?.atMs ?? null };
}

export async function upcomingOf(
  tx: Transaction,
  about: { orgId: string; id: string; spec: Given; nowMs: number; count: number },
) {
  const spec = await compiled(tx, about.orgId, specOf(about.spec), about.id);
  return previewOf(spec, about.nowMs, about.count).fires;
}
