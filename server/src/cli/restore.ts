// `auraos restore`: a data folder from a backup, while no server runs on it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterRestore } from "../backup/afterRestore.ts";
import { BACKUP_KEY_FILE, readBackupKeys } from "../backup/backupKeys.ts";
import { releaseRestored } from "../backup/holdAfterRestore.ts";
import { listBackupIds, readManifest } from "../backup/manifest.ts";
import { clearRestored, type RestoreTarget, restoreBackup } from "../backup/restore.ts";
import { createLog } from "../platform/log.ts";
import type { Settings } from "../platform/settings.ts";
import { readKeys } from "../vault/rootKeys.ts";
import { type Command, CommandError, print, readArgs } from "./command.ts";

export const restore: Command = async (args, settings) => {
  const { values } = readArgs(args, {
    from: { type: "string" },
    to: { type: "string" },
    id: { type: "string" },
    exact: { type: "boolean", default: false },
    key: { type: "string" },
    ledger: { type: "string" },
    list: { type: "boolean", default: false },
    release: { type: "boolean", default: false },
  });
  if (values.release) {
    print(releaseRestored(settings.dataDir) ? "Released: executions go on." : "Nothing is held here.");
    return 0;
  }
  const folder = values.from ?? settings.backupDir;
  if (folder === undefined)
    throw new CommandError(2, "From which folder? auraos restore --from FOLDER (or AURAOS_BACKUP_DIR).");
  if (!existsSync(join(folder, "base")))
    throw new CommandError(1, `${folder} has no backups: they lie in its folder "base".`);
  const keys = backupKeys(settings, values.key);
  if (values.list) {
    for (const id of await listBackupIds(folder)) {
      const { consistentAt, release, clusterBytes } = await readManifest(folder, id, keys);
      print(
        `${id}  any time from ${consistentAt}  ${(clusterBytes / 1024 / 1024).toFixed(1)} MB  AuraOS ${release}`,
      );
    }
    return 0;
  }
  if (settings.databaseUrl !== undefined)
    throw new CommandError(
      2,
      "A restore makes a database of AuraOS's own; with DATABASE_URL restore yours where it runs, or use `auraos load`.",
    );
  const target = targetOf(values);
  const log = createLog(settings.logLevel);
  const roots = vaultKeys(settings);
  const startedMs = performance.now();
  const { manifest, segments, database } = await restoreBackup({
    ...{ folder, keys, dataDir: settings.dataDir, target, log },
    ...(values.id === undefined ? {} : { id: values.id }),
  });
  const moment =
    target.to === "time"
      ? target.at.toISOString()
      : target.to === "point"
        ? manifest.consistentAt
        : "the end of the archive";
  try {
    const { replayed } = await afterRestore({
      ...{ databaseUrl: database.url, dataDir: settings.dataDir, folder, keys, roots, log },
      ...(values.ledger === undefined ? {} : { ledger: values.ledger }),
      ...{ backup: manifest.id, moment, payloadsOn: settings.payloads === "sealed" },
    });
    await database.stop();
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    print(
      `Restored ${settings.dataDir} to ${moment}, from ${manifest.id} and ${segments} WAL segments, in ${seconds} s.`,
    );
    if (replayed > 0) print(`${replayed} erasures were done again.`);
    print("`auraos start` shows it and executes nothing yet: look, then `auraos restore --release`.");
    return 0;
  } catch (error) {
    await database.stop();
    clearRestored(settings.dataDir);
    throw error;
  }
};

function targetOf(values: { to?: string; id?: string; exact: boolean }): RestoreTarget {
  if (values.exact && values.to !== undefined)
    throw new CommandError(2, "--exact is the moment of the backup itself, so there is no --to.");
  if (values.exact) return { to: "point" };
  if (values.to === undefined) return { to: "end" };
  const at = new Date(values.to);
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(values.to);
  if (Number.isNaN(at.getTime()) || !hasZone)
    throw new CommandError(
      2,
      `--to is an instant with its zone, such as 2026-11-25T14:30:00Z, not "${values.to}".`,
    );
  return { to: "time", at };
}

function backupKeys(settings: Settings, given: string | undefined) {
  const file = given ?? join(settings.dataDir, BACKUP_KEY_FILE);
  if (existsSync(file) || (given === undefined && settings.backupKey !== undefined))
    return readBackupKeys(settings.dataDir, given === undefined ? settings.backupKey : undefined, {
      make: false,
      file,
    });
  throw new CommandError(
    1,
    `There is no ${file}. Put the backup.key of the server that made these backups there, name it with --key FILE, or set ` +
      "AURAOS_BACKUP_KEY.",
  );
}

/** The secrets of the restored data open with these only, so they have to be there before anything is restored. */
function vaultKeys(settings: Settings) {
  const file = join(settings.dataDir, "vault.keys");
  const { vaultKey: given, vaultKeyCommand: command } = settings;
  if (given === undefined && command === undefined && !existsSync(file))
    throw new CommandError(
      1,
      `Put the vault.keys that belongs to these data into ${settings.dataDir} first (or set AURAOS_VAULT_KEY): backups do not have ` +
        "it, and without it the secrets of the restored server stay closed.",
    );
  return readKeys({ file, given, command, variable: "AURAOS_VAULT_KEY", make: false });
}
