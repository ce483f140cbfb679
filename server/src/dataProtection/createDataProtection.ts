// Data protection of a running server: redaction rules in memory, the ledger of erasures and the job that does them.
import type { Blobs } from "../blobs/blobs.types.ts";
import type { BodyCipher } from "../engine/engine.types.ts";
import { openPool, type Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { systemTimers, type Timers } from "../platform/timers.ts";
import type { Swept } from "../retention/sweepStorage.ts";
import type { KeyRing } from "../vault/rootKeys.ts";
import { everyErasure, queueAgain } from "./erasures/erasureStore.ts";
import { type Ledger, openLedger } from "./erasures/ledger.ts";
import { ledgerFileOf } from "./erasures/replayErasures.ts";
import { runErasures } from "./erasures/runErasures.ts";
import type { PersonNeeds } from "./people/readPerson.ts";
import { createRules, type Rules } from "./redaction/rules.ts";
import type { SubjectKeys } from "./subjectKeys.ts";

const ROUND_MS = 5_000;

export type DataProtection = {
  rules: Rules;
  ledger: Ledger;
  roots: KeyRing;
  /** For finding and exporting a person. */
  person: PersonNeeds;
  /** An erasure was asked for: it begins now. */
  wake(): void;
  noteSwept(swept: Swept, atMs: number): void;
  lastSweep(): { at: string; freed: Record<string, number> } | null;
  stop(): Promise<void>;
};

export async function createDataProtection(options: {
  databaseUrl: string;
  dataDir: string;
  journal: Pool;
  api: Pool;
  blobs: Blobs;
  cipher: BodyCipher;
  roots: KeyRing;
  subjects: SubjectKeys;
  /** Only the leader erases. */
  isLeading: () => boolean;
  /** Something was erased: what is held in memory of executions may hold it too. */
  onErased: () => void;
  newId: () => string;
  log: Log;
  timers?: Timers;
}): Promise<DataProtection> {
  const { journal, api, blobs, cipher, roots, subjects, newId, log, timers = systemTimers } = options;
  const owner = openPool(options.databaseUrl, { role: "auraos_owner", name: "data protection", max: 3 });
  const ledger = openLedger(ledgerFileOf(options.dataDir));
  const rules = await createRules({ journal, log });
  await reconcile(owner, ledger);
  let swept: { at: string; freed: Record<string, number> } | null = null;
  let isOver = false;
  let cancel = timers.after(ROUND_MS, round);
  let busy: Promise<void> = Promise.resolve();
  let isBusy = false;
  return {
    ...{ rules, ledger, roots, wake, noteSwept },
    person: { owner, blobs, cipher },
    lastSweep: () => swept,
    async stop() {
      isOver = true;
      cancel();
      rules.stop();
      await busy;
      await owner.end();
    },
  };

  function wake(): void {
    if (isOver || isBusy) return;
    cancel();
    round();
  }

  function round(): void {
    isBusy = true;
    busy = work()
      .catch((error: unknown) => log("warn", "an erasure failed and is tried again", { error }))
      .then(() => {
        isBusy = false;
        if (!isOver) cancel = timers.after(ROUND_MS, round);
      });
  }

  async function work(): Promise<void> {
    if (!options.isLeading()) return;
    const done = await runErasures({ owner, api, blobs, cipher, subjects, roots, newId, log });
    if (done.length > 0) options.onErased();
  }

  function noteSwept({ rows, ...counts }: Swept, atMs: number): void {
    const { deleted, payloads, startKeys, files, bytes, dropped } = counts;
    const freed = { executions: deleted, months: dropped.length, payloads, startKeys, files, bytes, ...rows };
    swept = { at: new Date(atMs).toISOString(), freed };
  }
}

/**
 * The ledger and the database tell the same: what the database does not know (it was restored from an older backup) is
 * erased again; what the ledger does not know (a crash between the two) is written there.
 */
async function reconcile(owner: Pool, ledger: Ledger): Promise<void> {
  const rows = await everyErasure(owner);
  const lines = ledger.read();
  const inLedger = new Set(lines.map(({ id }) => id));
  const inDatabase = new Set(rows.map(({ id }) => id));
  for (const { requestedAt, id, orgId, by, reason, rootId, sealed } of rows)
    if (!inLedger.has(id))
      ledger.append({ id, orgId, at: requestedAt.toISOString(), by, reason, rootId, sealed });
  for (const line of lines) if (!inDatabase.has(line.id)) await queueAgain(owner, line);
}
