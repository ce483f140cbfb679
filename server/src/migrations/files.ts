// The numbered SQL files beside this one: `0003_executions.up.sql` and its `.down.sql`.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Migration = { number: number; name: string; up: string; down: string; checksum: string };

export function readMigrations(folder: string = import.meta.dirname): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith(".up.sql"))
    .sort()
    .map((file) => {
      const name = file.slice(0, -".up.sql".length);
      const up = read(join(folder, file));
      const down = read(join(folder, `${name}.down.sql`));
      const checksum = createHash("sha256").update(up).digest("hex");
      return { number: Number.parseInt(name, 10), name, up, down, checksum };
    });
  // Numbers may have gaps (work that was given a number and did not land), but each stands once.
  for (const [index, migration] of migrations.entries()) {
    const before = migrations[index - 1];
    if (!(migration.number > (before?.number ?? 0)))
      throw new Error(`migration ${migration.name} has the number of ${before?.name ?? "no migration"}`);
  }
  return migrations;
}

/** Line endings as written, whatever a checkout made of them: the checksum must be the same everywhere. */
function read(path: string): string {
  return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
}
