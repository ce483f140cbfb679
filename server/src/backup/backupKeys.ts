// The key that backups are sealed with: AURAOS_BACKUP_KEY (base64 of 32 bytes; several with commas, the current one
// first), else <data>/backup.key (one a line, mode 0600), made by the first backup. It is never written into a backup,
// and it is not the root key of the vault: who finds a backup and this key still opens no secret of a connection.
import { join } from "node:path";
import { type KeyRing, readKeys } from "../vault/rootKeys.ts";

export type BackupKeys = KeyRing;

export const BACKUP_KEY_FILE = "backup.key";

/** `make`: a missing file is made, with a new key. */
export function readBackupKeys(
  dataDir: string,
  given: string | undefined,
  options: { make: boolean; file?: string },
): BackupKeys {
  const file = options.file ?? join(dataDir, BACKUP_KEY_FILE);
  return readKeys({ file, given, variable: "AURAOS_BACKUP_KEY", make: options.make });
}
