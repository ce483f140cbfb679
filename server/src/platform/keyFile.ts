// Files that hold keys are read only while nobody else can read them, as ssh does it: a key that others may have read
// protects nothing, and nobody would notice. Asked of the file that is open, not of its name.
//
// Accepted are files for their owner alone, and such that root made readable for a group: so a container gets the secrets
// that are mounted into it (Kubernetes: defaultMode 0440 with fsGroup). Windows has no modes, and is not asked.
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { SettingsError } from "./settings.ts";

const GROUP_READS = 0o040;
const GROUP_CHANGES = 0o030;
const OTHERS = 0o007;

export function readKeyFile(file: string): string {
  const opened = openSync(file, "r");
  try {
    const { mode, uid } = fstatSync(opened);
    if (process.platform !== "win32" && isOpenToOthers({ mode, uid })) throw openToOthers(file, mode);
    return readFileSync(opened, "utf8");
  } finally {
    closeSync(opened);
  }
}

export function isOpenToOthers({ mode, uid }: { mode: number; uid: number }): boolean {
  if ((mode & (OTHERS | GROUP_CHANGES)) !== 0) return true;
  return (mode & GROUP_READS) !== 0 && uid !== 0;
}

function openToOthers(file: string, mode: number): SettingsError {
  const shown = (mode & 0o777).toString(8).padStart(4, "0");
  return new SettingsError([
    `KEY_FILE_OPEN: ${file} has mode ${shown}, so that others than its owner can get at the keys in it. Nothing was opened ` +
      `with them. Run: chmod 600 ${file}  (a secret that root mounts for a group: 0440). If somebody may have read it, ` +
      "make a new key. Where the file system keeps no modes, give the keys by a variable or a program instead; see " +
      "docs/operator-guide.md.",
  ]);
}
