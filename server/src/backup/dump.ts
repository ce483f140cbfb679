// All data of AuraOS in one sealed file that any PostgreSQL can take in again: the way from one major version to the next,
// and between an own PostgreSQL and ours. Texts of values, not pages of a disk. Path: `auraos dump` -> dumpAll.
//
//   dump.json            release, schema, migrations, tables with their columns
//   tables/NAME.jsonl    a row a line: an array of the texts of its columns, null where there is none
//   content.json         rows and hash of each table, compared after loading
//   files/, blobs/, signing.key
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { readMigrations } from "../migrations/files.ts";
import type { Pool, Transaction } from "../platform/db.ts";
import { snapshot } from "../platform/db.ts";
import { type ArchiveWriter, writeArchive } from "./archive.ts";
import { BackupError } from "./backupError.ts";
import type { BackupKeys } from "./backupKeys.ts";
import { fixSession, readContent, type TableContent } from "./content.ts";
import { contentOf, walk } from "./files.ts";
import { type DumpTable, listDumpTables } from "./tables.ts";

export const DUMP_PURPOSE = "dump";

export type DumpHead = {
  format: 1;
  release: string;
  takenAt: string;
  postgres: string;
  schema: number;
  migrations: { number: number; name: string; checksum: string }[];
  tables: DumpTable[];
  /** Months that executions have partitions for. */
  months: string[];
};

export type Dumped = { bytes: number; tables: number; rows: number; files: number };

const ROWS_AT_ONCE = 500;

export async function dumpAll(options: {
  /** As the owner of the tables. */
  pool: Pool;
  path: string;
  keys: BackupKeys;
  dataDir: string;
  filesDir: string;
  release: string;
  nowMs: () => number;
}): Promise<Dumped> {
  const { pool, path, keys, dataDir, filesDir, release, nowMs } = options;
  if (existsSync(path))
    throw new BackupError("BACKUP_TARGET_NOT_EMPTY", `${path} is there already. Name a new file.`, { path });
  const draft = `${path}.draft`;
  const archive = await writeArchive(draft, keys, DUMP_PURPOSE);
  try {
    const content = await snapshot(pool, async (tx) => {
      await fixSession(tx);
      const head = await headOf(tx, release, nowMs());
      await archive.addFile("dump.json", Buffer.from(JSON.stringify(head)));
      for (const table of head.tables)
        await archive.addFile(`tables/${table.name}.jsonl`, linesOf(tx, table));
      return readContent(
        tx,
        head.tables.map(({ name }) => name),
      );
    });
    await archive.addFile("content.json", Buffer.from(JSON.stringify(content)));
    const files = await addFiles(archive, [
      ["signing.key", join(dataDir, "signing.key")],
      ["files", filesDir],
      ["blobs", join(dataDir, "blobs")],
    ]);
    const bytes = await archive.end();
    await rename(draft, path);
    return { bytes, tables: content.length, rows: rowsOf(content), files };
  } catch (error) {
    await archive.abandon().catch(() => {});
    throw error;
  }
}

async function headOf(tx: Transaction, release: string, nowMs: number): Promise<DumpHead> {
  const { rows } = await tx.query<{ number: number; name: string; checksum: string }>(
    "SELECT number, name, checksum FROM public.schema_migrations ORDER BY number",
  );
  const known = readMigrations();
  const strange = rows.find(
    ({ number, checksum }) => known.find((one) => one.number === number)?.checksum !== checksum,
  );
  if (strange)
    throw new BackupError(
      "DUMP_SCHEMA",
      `The database has the step ${strange.name}, which is not of this release. Dump it with the release that made it.`,
    );
  const about = await tx.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  const months = await tx.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'public.workflow_executions'::regclass AND c.relname ~ '_\\d{4}_\\d{2}$'`,
  );
  return {
    ...{ format: 1, release, takenAt: new Date(nowMs).toISOString(), postgres: about.rows[0]?.version ?? "" },
    ...{ schema: rows.at(-1)?.number ?? 0, migrations: rows, tables: await listDumpTables(tx) },
    months: months.rows.map(({ name }) => name.slice(-7).replace("_", "-")).sort(),
  };
}

async function* linesOf(tx: pg.ClientBase, { name, columns }: DumpTable): AsyncGenerator<Buffer> {
  const texts = columns.map((column) => `${column.name}::text`).join(", ");
  await tx.query(
    `DECLARE dumped NO SCROLL CURSOR FOR SELECT array_to_json(ARRAY[${texts}])::text AS line FROM ${name}`,
  );
  for (;;) {
    const { rows } = await tx.query<{ line: string }>(`FETCH ${ROWS_AT_ONCE} FROM dumped`);
    for (const { line } of rows) yield Buffer.from(`${line}\n`);
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await tx.query("CLOSE dumped");
}

async function addFiles(archive: ArchiveWriter, places: [string, string][]): Promise<number> {
  let count = 0;
  for (const [name, place] of places) {
    if (!existsSync(place)) continue;
    for await (const found of walk(place, name)) {
      if (found.isFolder) continue;
      await archive.addFile(found.name, contentOf(found.path));
      count += 1;
    }
  }
  return count;
}

export function rowsOf(content: readonly TableContent[]): number {
  return content.reduce((sum, { rows }) => sum + rows, 0);
}
