// What a database that came back needs before a server works on it: it knows nothing of what was decided since. Everything
// that has to be done again after a restore is done from here, before the server is started:
//
//   1. the schema is brought to this release, so that what follows can rely on it
//   2. whoever was erased since the backup is erased again (the ledger beside the backups, or a newer one)
//   3. a mark holds the engine until a person has looked (holdAfterRestore.ts)
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { ledgerFileOf, type Replayed, replayErasures } from "../dataProtection/erasures/replayErasures.ts";
import { migrate } from "../migrations/migrate.ts";
import type { Log } from "../platform/log.ts";
import type { KeyRing } from "../vault/rootKeys.ts";
import type { BackupKeys } from "./backupKeys.ts";
import { markRestored } from "./holdAfterRestore.ts";
import { restoreLedger } from "./ledgerMirror.ts";

export async function afterRestore(options: {
  databaseUrl: string;
  dataDir: string;
  folder: string;
  keys: BackupKeys;
  /** Root keys of the vault: they open the ledger. */
  roots: KeyRing;
  /** A ledger that is newer than the one beside the backups. */
  ledger?: string;
  /** What is sealed is rewritten sealed; see AURAOS_PAYLOADS. */
  payloadsOn: boolean;
  backup: string;
  /** The moment that was restored, in words. */
  moment: string;
  log: Log;
}): Promise<Replayed> {
  const { databaseUrl, dataDir, folder, keys, roots, ledger, log } = options;
  await migrate(databaseUrl);
  const ledgerFile = ledgerFileOf(dataDir);
  if (ledger !== undefined) copyFileSync(ledger, ledgerFile);
  else await restoreLedger(folder, keys, dataDir);
  const replayed = existsSync(ledgerFile)
    ? await replayErasures({
        ...{ databaseUrl, ledgerFile, blobsDir: join(dataDir, "blobs"), roots, log },
        payloadsOn: options.payloadsOn,
      })
    : { replayed: 0, unknown: 0, erased: {} };
  markRestored(dataDir, { backup: options.backup, moment: options.moment });
  return replayed;
}
