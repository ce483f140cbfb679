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
  for (const [index, migration] of migrations.entries()) {
    if (migration.number !== index + 1)
      throw new Error(`migration ${migration.name} should be number ${index + 1}`);
  }
  return migrations;
}

/** Line endings as written, whatever a checkout made of them: the checksum must be the same everywhere. */
function read(path: string): string {
  return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
}
