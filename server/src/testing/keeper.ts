// The process that owns the test database: started by the first test that needs one, detached, gone when nobody
// holds a lease any more. See testServer.ts for the other side.
//   no lease for a while      -> stop PostgreSQL, end
//   "end" received            -> the same, without the while
//   TERM                      -> stop PostgreSQL, end
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { DatabaseError } from "../platform/postgres/databaseError.ts";
import { isAlive } from "../platform/postgres/processes.ts";
import { startDatabase } from "../platform/postgres/startDatabase.ts";
import { EXIT_ALREADY_KEPT, keeperSocket, testFolder } from "./testServer.ts";

/** The process of `npm test`: while it lives, files without a database may lie between two with one. */
const run = Number(process.env.AURAOS_TEST_RUN ?? 0);
const IDLE_MS = 3_000;
const IDLE_IN_RUN_MS = 60_000;
const TEMPLATES_KEPT = 6;

const log = (message: string, details?: object) =>
  console.log(new Date().toISOString(), message, JSON.stringify(details ?? {}));

forgetAfterReboot();
const database = await startDatabase({
  dataDir: join(testFolder, "data"),
  database: "postgres",
  log,
  // Test data need not survive a power cut; everything else is as in the product.
  settings: { fsync: "off", full_page_writes: "off", max_connections: "200", min_wal_size: "80MB" },
}).catch((error: unknown) => {
  if (error instanceof DatabaseError && error.code === "DATA_DIRECTORY_IN_USE")
    process.exit(EXIT_ALREADY_KEPT);
  throw error;
});
await sweep(database.url);

const leases = new Set<Socket>();
let idleMs = run > 0 ? IDLE_IN_RUN_MS : IDLE_MS;
let idleTimer: NodeJS.Timeout | undefined;
let ending: Promise<void> | undefined;

rmSync(keeperSocket, { force: true });
const server = createServer((socket) => {
  clearTimeout(idleTimer);
  leases.add(socket);
  socket.write(`${JSON.stringify({ url: database.url })}\n`);
  socket.on("data", (chunk) => {
    if (!chunk.toString().includes("end")) return;
    idleMs = 0;
    leases.delete(socket);
    endWhenIdle();
  });
  socket.on("error", () => {
    // The test was killed; "close" follows.
  });
  socket.on("close", () => {
    leases.delete(socket);
    endWhenIdle();
  });
});
server.listen(keeperSocket, endWhenIdle);
if (run > 0) setInterval(noticeEndOfRun, 500).unref();
for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => void end());

function endWhenIdle(): void {
  clearTimeout(idleTimer);
  if (leases.size === 0) idleTimer = setTimeout(() => void end(), idleMs);
}

/** The run was killed and could not say "end". */
function noticeEndOfRun(): void {
  if (idleMs !== IDLE_IN_RUN_MS || isAlive(run)) return;
  idleMs = IDLE_MS;
  endWhenIdle();
}

/** New tests are turned away first (they start the next keeper, which waits for the folder to be free). */
function end(): Promise<void> {
  ending ??= (async () => {
    server.close();
    rmSync(keeperSocket, { force: true });
    await database.stop();
    process.exit(0);
  })();
  return ending;
}

/** Databases of killed tests, and templates of migrations that have changed since. */
async function sweep(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const old = await client.query<{ name: string }>(
    `select datname as name from pg_database where datname ~ '^(test|draft)_'
     union all
     (select datname from pg_database where datname ~ '^template_' order by oid desc offset ${TEMPLATES_KEPT})`,
  );
  for (const { name } of old.rows) await client.query(`drop database if exists "${name}" with (force)`);
  await client.end();
}

/** Without fsync a cluster is not to be trusted after the machine went down. */
function forgetAfterReboot(): void {
  const file = join(testFolder, "boot");
  const boot = readQuietly("/proc/sys/kernel/random/boot_id");
  if (boot !== readQuietly(file)) {
    rmSync(join(testFolder, "data"), { recursive: true, force: true });
    writeFileSync(file, boot);
  }
  if (readQuietly(join(testFolder, "keeper.log")).length > 1_000_000)
    truncateSync(join(testFolder, "keeper.log"));
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
