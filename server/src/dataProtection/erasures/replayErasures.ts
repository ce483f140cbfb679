// After a restore: everything in the ledger is erased once more from what came back. Also what is still in the ledger's
// future: a backup knows nothing of those who were erased after it was taken.
import { join } from "node:path";
import { createBlobStore } from "../../blobs/createBlobStore.ts";
import { createIds } from "../../engine/ids.ts";
import { openPool } from "../../platform/db.ts";
import type { Log } from "../../platform/log.ts";
import { openPayloadCipher } from "../../vault/openPayloadCipher.ts";
import type { KeyRing } from "../../vault/rootKeys.ts";
import { createSubjectKeys } from "../subjectKeys.ts";
import { queueAgain } from "./erasureStore.ts";
import { openLedger } from "./ledger.ts";
import { runErasures } from "./runErasures.ts";

export type Replayed = {
  /** Erasures of organizations that are in this database. */
  replayed: number;
  /** Of organizations that are not. */
  unknown: number;
  /** What was erased again, by table. */
  erased: Record<string, number>;
};

/**
 * Of a database that no server works on yet. `ledgerFile`: the ledger as it is now, not as the backup had it;
 * `blobsDir`: the restored files.
 */
export async function replayErasures(options: {
  databaseUrl: string;
  ledgerFile: string;
  blobsDir: string;
  roots: KeyRing;
  log: Log;
  nowMs?: () => number;
  payloadsOn?: boolean;
}): Promise<Replayed> {
  const { databaseUrl, ledgerFile, blobsDir, roots, log, nowMs = Date.now, payloadsOn = true } = options;
  const ids = createIds();
  const newId = () => ids.execution(nowMs());
  const pools = {
    owner: openPool(databaseUrl, { role: "auraos_owner", name: "erasures", max: 2 }),
    api: openPool(databaseUrl, { role: "auraos_api", name: "erasures", max: 1 }),
    engine: openPool(databaseUrl, { role: "auraos_engine", name: "erasures", max: 1 }),
  };
  try {
    const cipher = await openPayloadCipher({
      ...{ pool: pools.engine, roots, newId, nowMs, log },
      ...{ isOn: payloadsOn, lost: [] },
    });
    const blobs = createBlobStore(blobsDir, { cipher });
    const subjects = createSubjectKeys({ roots, nowMs });
    let unknown = 0;
    let replayed = 0;
    for (const line of openLedger(ledgerFile).read()) {
      if (await queueAgain(pools.owner, line)) replayed += 1;
      else unknown += 1;
    }
    const erased: Record<string, number> = {};
    const { owner, api } = pools;
    for (const { report } of await runErasures({ owner, api, cipher, blobs, subjects, roots, newId, log }))
      for (const [where, count] of Object.entries(report.erased))
        erased[where] = (erased[where] ?? 0) + count;
    return { replayed, unknown, erased };
  } finally {
    await Promise.all(Object.values(pools).map((pool) => pool.end()));
  }
}

/** Where a server keeps its ledger. */
export function ledgerFileOf(dataDir: string): string {
  return join(dataDir, "erasures.ledger");
}
