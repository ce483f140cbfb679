// Takes a dump into an empty database: the schema of the dump first, then all rows in one transaction, compared with what
// the dump recorded, and only then brought to this release. So nothing is there, or everything. Path: `auraos load`.
import { existsSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import pg from "pg";
import { makeFolder } from "../blobs/durableFile.ts";
import { readMigrations } from "../migrations/files.ts";
import { migrate } from "../migrations/migrate.ts";
import { clientConfig } from "../platform/db.ts";
import { ensurePartitions } from "../retention/partitions.ts";
import { type ArchiveRecord, readArchive } from "./archive.ts";
import { BackupError } from "./backupError.ts";
import type { BackupKeys } from "./backupKeys.ts";
import { differences, fixSession, readContent, type TableContent } from "./content.ts";
import { DUMP_PURPOSE, type DumpHead, rowsOf } from "./dump.ts";
import { type DumpTable, setReferencesAside } from "./tables.ts";

export type Loaded = { head: DumpHead; tables: number; rows: number; files: number };

const ROWS_AT_ONCE = 500;
const BYTES_AT_ONCE = 4 * 1024 * 1024;

export async function loadAll(options: {
  /** Of whoever may make the roles and the schema. */
  url: string;
  path: string;
  keys: BackupKeys;
  dataDir: string;
  filesDir: string;
}): Promise<Loaded> {
  const { path, keys } = options;
  const records = readArchive(path, keys, DUMP_PURPOSE);
  try {
    return await loadRecords(records, options);
  } finally {
    await records.return(undefined);
  }
}

async function loadRecords(
  records: AsyncGenerator<ArchiveRecord>,
  options: Parameters<typeof loadAll>[0],
): Promise<Loaded> {
  const { url, path, dataDir, filesDir } = options;
  const head = await readHead(records, path);
  refuseStrange(head, path);
  await refuseFilled(url);
  await migrate(url, { to: head.schema });
  const client = new pg.Client(clientConfig(url, { role: "auraos_owner", name: "load" }));
  client.on("error", () => {});
  await client.connect();
  try {
    for (const month of head.months) await ensurePartitions(client, Date.parse(`${month}-15`));
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await fixSession(client);
    const names = head.tables.map(({ name }) => name);
    await client.query(`TRUNCATE ${names.join(", ")}`);
    for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
    const references = await setReferencesAside(client);
    const { content, files } = await fill(client, records, head, { dataDir, filesDir, path });
    for (const name of names) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
    for (const make of references) await client.query(make);
    const wrong = differences(content, await readContent(client, names));
    if (wrong.length > 0)
      throw new BackupError(
        "DUMP_INVALID",
        `What was loaded is not what was dumped: ${wrong.join("; ")}. Nothing was kept.`,
      );
    await client.query("COMMIT");
    await migrate(url);
    return { head, tables: names.length, rows: rowsOf(content), files };
  } finally {
    // Without a commit everything is undone.
    await client.end();
  }
}

async function readHead(records: AsyncGenerator<ArchiveRecord>, path: string): Promise<DumpHead> {
  const first = await records.next();
  const second = await records.next();
  if (first.done || first.value.name !== "dump.json" || second.done || second.value.kind !== "bytes")
    throw new BackupError("DUMP_INVALID", `${path} is no dump of AuraOS.`);
  return JSON.parse(second.value.bytes.toString("utf8")) as DumpHead;
}

/** The way up is known step by step; there is no way down, and none from another branch. */
function refuseStrange(head: DumpHead, path: string): void {
  const known = new Map(readMigrations().map((one) => [one.number, one]));
  const newest = Math.max(...known.keys());
  if (head.schema > newest)
    throw new BackupError(
      "DUMP_SCHEMA",
      `${path} was made by a newer AuraOS (${head.release}, step ${head.schema}); this one knows steps up to ${newest}. Load it with that release or a newer one.`,
    );
  const strange = head.migrations.find(({ number, checksum }) => known.get(number)?.checksum !== checksum);
  const missing = [...known.values()].find(
    ({ number }) => number <= head.schema && !head.migrations.some((one) => one.number === number),
  );
  if (!strange && !missing) return;
  throw new BackupError(
    "DUMP_SCHEMA",
    `${path} has another schema than this release: step ${(strange ?? missing)?.name}. Load it with AuraOS ${head.release}.`,
  );
}

async function refuseFilled(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "auraos load" });
  client.on("error", () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ there: boolean }>(
      "SELECT to_regclass('public.schema_migrations') IS NOT NULL AS there",
    );
    if (rows[0]?.there)
      throw new BackupError(
        "BACKUP_TARGET_NOT_EMPTY",
        "This database has an AuraOS in it already, and a load overwrites nothing. Use an empty database, or an empty data folder (AURAOS_DATA).",
      );
  } finally {
    await client.end();
  }
}

async function fill(
  client: pg.Client,
  records: AsyncGenerator<ArchiveRecord>,
  head: DumpHead,
  to: { dataDir: string; filesDir: string; path: string },
): Promise<{ content: TableContent[]; files: number }> {
  const tables = new Map(head.tables.map((table) => [`tables/${table.name}.jsonl`, table]));
  let content: TableContent[] | undefined;
  let files = 0;
  for await (const { name, bytes } of filesOf(records)) {
    const table = tables.get(name);
    if (table) {
      await fillTable(client, table, bytes);
      tables.delete(name);
    } else if (name === "content.json")
      content = JSON.parse((await whole(bytes)).toString("utf8")) as TableContent[];
    else {
      await writeFile(placeOf(name, to), bytes);
      files += 1;
    }
  }
  const [missing] = tables.values();
  if (missing || !content)
    throw new BackupError("DUMP_INVALID", `${to.path} has no ${missing?.name ?? "content.json"}.`);
  return { content, files };
}

/** Records grouped by file; each must be read before the next one. */
async function* filesOf(
  records: AsyncGenerator<ArchiveRecord>,
): AsyncGenerator<{ name: string; bytes: AsyncIterable<Buffer> }> {
  let record = await records.next();
  while (!record.done) {
    const { kind, name } = record.value;
    record = await records.next();
    if (kind !== "file") continue;
    yield {
      name,
      bytes: (async function* () {
        while (!record.done && record.value.kind === "bytes") {
          yield record.value.bytes;
          record = await records.next();
        }
      })(),
    };
  }
}

async function fillTable(client: pg.Client, table: DumpTable, bytes: AsyncIterable<Buffer>): Promise<void> {
  const names = table.columns.map(({ name }) => name).join(", ");
  const values = table.columns.map(({ type }, index) => `(u.line::jsonb ->> ${index})::${type}`).join(", ");
  const insert = {
    text: `INSERT INTO ${table.name} (${names}) OVERRIDING SYSTEM VALUE
      SELECT ${values} FROM unnest($1::text[]) WITH ORDINALITY AS u (line, n) ORDER BY u.n`,
  };
  let lines: string[] = [];
  let waiting = 0;
  const flush = async () => {
    if (lines.length > 0) await client.query({ ...insert, values: [lines] });
    lines = [];
    waiting = 0;
  };
  for await (const line of linesOf(bytes)) {
    lines.push(line);
    waiting += line.length;
    if (lines.length >= ROWS_AT_ONCE || waiting >= BYTES_AT_ONCE) await flush();
  }
  await flush();
  if (table.identity !== null)
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), greatest((SELECT max(${pg.escapeIdentifier(table.identity)}) FROM ${table.name}), 1))`,
      [table.name, table.identity],
    );
}

/** A line ends with a line feed and with nothing else: texts in it may have other separators. */
async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, end)]).toString("utf8");
      begun = [];
      from = end + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString("utf8");
}

function placeOf(name: string, { dataDir, filesDir }: { dataDir: string; filesDir: string }): string {
  return name.startsWith("files/") ? join(filesDir, name.slice("files/".length)) : join(dataDir, name);
}

async function writeFile(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  if (existsSync(path))
    throw new BackupError(
      "BACKUP_TARGET_NOT_EMPTY",
      `${path} is there already, and a load overwrites nothing.`,
      { path },
    );
  await makeFolder(dirname(path));
  const handle: FileHandle = await open(path, "wx", 0o600);
  try {
    for await (const chunk of bytes) await handle.write(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function whole(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}
