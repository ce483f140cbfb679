// A data folder for one proof; gone afterwards.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function withDataDir<T>(action: (dataDir: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "auraos-kills-"));
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  try {
    return await action(join(folder, "data"));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
