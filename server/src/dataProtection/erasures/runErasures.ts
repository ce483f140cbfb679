// The job: takes erasures that are due and does them, one after the other. What waits for something that is open or held
// is tried again, ever more seldom; what failed is too.
import type { ErasureReport } from "@auraos/contract";
import type { Log } from "../../platform/log.ts";
import type { KeyRing } from "../../vault/rootKeys.ts";
import { type ErasureNeeds, erasePerson } from "../people/erasePerson.ts";
import { together } from "../people/report.ts";
import { type ErasureRow, settleErasure, takeErasure } from "./erasureStore.ts";
import { openRequest } from "./ledger.ts";

const LEASE_SECONDS = 900;
const AGAIN_SECONDS_MAX = 3_600;

export type RunNeeds = ErasureNeeds & { roots: KeyRing; log: Log };

/** Everything that is due; gives what was done. */
export async function runErasures(needs: RunNeeds): Promise<{ id: string; report: ErasureReport }[]> {
  const done: { id: string; report: ErasureReport }[] = [];
  for (let row = await takeErasure(needs.owner, LEASE_SECONDS); row; ) {
    done.push({ id: row.id, report: await runOne(needs, row) });
    row = await takeErasure(needs.owner, LEASE_SECONDS);
  }
  return done;
}

async function runOne(needs: RunNeeds, row: ErasureRow): Promise<ErasureReport> {
  const againSeconds = Math.min(AGAIN_SECONDS_MAX, 5 * 2 ** Math.min(row.attempts, 12));
  const before = (row.report === "{}" ? undefined : JSON.parse(row.report)) as ErasureReport | undefined;
  try {
    const report = together(before, await erasePerson(needs, row.orgId, openRequest(needs.roots, row)));
    const isWaiting = report.kept.some(({ why }) => why === "open" || why === "held");
    await settleErasure(needs.owner, row.id, { state: isWaiting ? "waiting" : "done", report, againSeconds });
    needs.log("info", "a person was erased", { erasure: row.id, state: isWaiting ? "waiting" : "done" });
    return report;
  } catch (error) {
    await settleErasure(needs.owner, row.id, { state: "queued", againSeconds });
    throw error;
  }
}
