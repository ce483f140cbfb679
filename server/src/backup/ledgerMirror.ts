// The ledger of erasures beside the backups: always as it is now, never as a backup had it. Whoever was erased after a
// backup was taken is erased again when that backup is restored.
import { existsSync } from "node:fs";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ledgerFileOf } from "../dataProtection/erasures/replayErasures.ts";
import { readArchive, writeArchive } from "./archive.ts";
import type { BackupKeys } from "./backupKeys.ts";

const FILE = "erasures.aosb";
const PURPOSE = "erasures";

/** Only when it has grown since. */
export async function mirrorLedger(dataDir: string, folder: string, keys: BackupKeys): Promise<void> {
  const ledger = ledgerFileOf(dataDir);
  if (!existsSync(ledger)) return;
  const target = join(folder, FILE);
  const content = await readFile(ledger);
  const isKnown = existsSync(target) && (await stat(target)).mtimeMs >= (await stat(ledger)).mtimeMs;
  if (isKnown) return;
  const archive = await writeArchive(`${target}.draft`, keys, PURPOSE);
  await archive.addFile("erasures.ledger", content);
  await archive.end();
  await rename(`${target}.draft`, target);
}

/** Puts the mirrored ledger into a restored data folder; says whether there was one. */
export async function restoreLedger(folder: string, keys: BackupKeys, dataDir: string): Promise<boolean> {
  const source = join(folder, FILE);
  if (!existsSync(source)) return false;
  const parts: Buffer[] = [];
  for await (const record of readArchive(source, keys, PURPOSE))
    if (record.kind === "bytes") parts.push(record.bytes);
  await writeFile(ledgerFileOf(dataDir), Buffer.concat(parts), { mode: 0o600, flush: true });
  return true;
}
