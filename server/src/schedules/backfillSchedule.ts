// Backfill: what was due in a range of the past is put into the buffer, durable before the caller is answered, and
// started from there by the scheduler. Missing ones use the key of the ordinary fire, so that none starts twice.
import type { backfillBody, z } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import type { Caller } from "../platform/http.ts";
import { compiled, invalidSchedule, specOf } from "./compile.ts";
import { insertBackfill, startedDues } from "./fireStore.ts";
import { moments } from "./fires.ts";
import { ownSchedule } from "./saveSchedule.ts";
import type { CompiledSpec } from "./spec.ts";
import { dueKey } from "./startFire.ts";
import { readInstant } from "./view.ts";

const FIRES_MAX = 10_000;

export type Backfilled = { count: number; first: string | null; last: string | null };

export async function backfillSchedule(
  deps: Deps,
  caller: Caller,
  id: string,
  body: z.output<typeof backfillBody>,
): Promise<Backfilled> {
  const { orgId } = caller;
  const [fromMs, toMs] = [readInstant("from", body.from), readInstant("to", body.to)];
  if (toMs < fromMs) throw wrong("to", "RANGE_INVALID", "`to` is before `from`.", "Exchange them.");
  if (toMs > deps.nowMs())
    throw wrong(
      "to",
      "RANGE_IN_FUTURE",
      "`to` is in the future.",
      "A backfill ends at this moment, at the latest.",
    );
  const dues = await withTenant(deps.api, orgId, async (tx) => {
    const row = await ownSchedule(tx, orgId, id);
    const spec = await compiled(tx, orgId, specOf(JSON.parse(row.spec)), id);
    const all = duesIn(spec, fromMs, toMs);
    const started =
      body.which === "missing" ? await startedDues(tx, { orgId, scheduleId: id, fromMs, toMs }) : new Set();
    const wanted = all.filter((due) => !started.has(due));
    const run = deps.newId();
    const suffix = body.which === "missing" ? "" : `/backfill/${run}`;
    const rows = wanted.map((dueMs) => ({ id: deps.newId(), key: `${dueKey(dueMs)}${suffix}`, dueMs }));
    await insertBackfill(tx, { orgId, scheduleId: id, overlap: body.overlap }, rows);
    return wanted;
  });
  await deps.schedules.sync();
  return { count: dues.length, first: text(dues[0]), last: text(dues.at(-1)) };
}

function duesIn(spec: CompiledSpec, fromMs: number, toMs: number): number[] {
  const dues: number[] = [];
  for (const moment of moments(spec, fromMs - 1)) {
    if (moment.atMs > toMs) break;
    if (moment.kind === "skipped") continue;
    if (dues.push(moment.atMs) > FIRES_MAX)
      throw wrong(
        "to",
        "BACKFILL_TOO_LARGE",
        `More than ${FIRES_MAX} fires are due in this range.`,
        "Backfill it in parts.",
      );
  }
  return dues;
}

function wrong(field: string, code: string, message: string, remedy: string) {
  return invalidSchedule([{ code, message, remedy, path: `/${field}`, field }]);
}

function text(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
