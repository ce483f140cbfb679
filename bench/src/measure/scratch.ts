// A folder and a PostgreSQL of its own for one bench, with fsync on as in the product; both are gone afterwards.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@auraos/server/migrations/migrate.ts";
import { startDatabase } from "@auraos/server/platform/postgres/startDatabase.ts";

export type ScratchDatabase = { url: string; pid: number; dataDir: string };

export async function withFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "auraos-bench-"));
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function withDatabase<T>(action: (database: ScratchDatabase) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const dataDir = join(folder, "data");
    const database = await startDatabase({ dataDir, log: () => {} });
    try {
      await migrate(database.url);
      return await action({ url: database.url, pid: database.pid() as number, dataDir });
    } finally {
      await database.stop();
    }
  });
}
