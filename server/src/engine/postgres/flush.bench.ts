// How fast the flush lane is beside the raw limit of the same database: `node flush.bench.ts [url of an empty database]`.
// Rows a second, and CPU microseconds a row of this process and of the server's backend (Linux), at 500 rows a flush.
// Raw = one multi-row INSERT ... VALUES into the same table without fence, checks of rights or anything else.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "../../migrations/migrate.ts";
import { startDatabase } from "../../platform/postgres/startDatabase.ts";
import type { FlushBatch } from "../store.ts";
import { batchOf, holderNamed, newId, startOf, turnOf, updateOf } from "./batches.ts";
import { openPostgresStore } from "./store.ts";

const ROWS = 500;
const FLUSHES = 200;
const WARM_UP = 10;
const BODY = JSON.stringify([
  { t: "Now", at: 1_764_000_000_000 },
  { t: "NodeFinished", run: "x".repeat(190) },
]);

const folder = mkdtempSync(join(tmpdir(), "flush-bench-"));
const database = process.argv[2]
  ? undefined
  : await startDatabase({ dataDir: join(folder, "data"), log: () => {} });
const url = process.argv[2] ?? (database?.url as string);
await migrate(url);
const store = openPostgresStore(url);
const admin = new pg.Client({ connectionString: url });
await admin.connect();
const { epoch } = (await store.acquire(holderNamed("bench"), { leaseMs: 3_600_000 })) as { epoch: number };
const org = newId();

console.log(`bodies of ${BODY.length} bytes, ${ROWS} rows a flush`);
const running = Array.from({ length: ROWS }, newId);
await flush(batchOf({ starts: running.map((id) => startOf(id, org)) }));
let seq = 0;
for (let round = 1; round <= 2; round += 1) {
  await measure("raw: one multi-row insert", "raw", rawInsert, () => newTurns());
  await measure("turns of new executions", "auraos flush", flush, () => batchOf({ turns: newTurns() }));
  await measure("turns of running ones, statistics", "auraos flush", flush, () => {
    seq += 1;
    return batchOf({
      turns: running.map((id) => turnOf(id, org, seq, BODY)),
      stats: Buffer.alloc(2_000, "x"),
    });
  });
  await measure("executions started and ended at once", "auraos flush", flush, () => {
    const turns = newTurns();
    const ids = turns.map((turn) => turn.executionId);
    const updates = ids.map((id) =>
      updateOf(id, "succeeded", { completedAtMs: Date.now(), output: Buffer.from(BODY) }),
    );
    return batchOf({ turns, starts: ids.map((id) => startOf(id, org)), updates });
  });
  let before: string[] = [];
  await measure("one starts, one of the flush before ends", "auraos flush", flush, () => {
    const turns = newTurns().slice(ROWS / 2);
    const ids = turns.map((turn) => turn.executionId);
    const ends = before.map((id) => turnOf(id, org, 2, BODY));
    const updates = before.map((id) =>
      updateOf(id, "succeeded", { seq: 2, completedAtMs: Date.now(), output: Buffer.from(BODY) }),
    );
    before = ids;
    return batchOf({ turns: [...turns, ...ends], starts: ids.map((id) => startOf(id, org)), updates });
  });
}

await Promise.all([store.close(), admin.end()]);
await database?.stop();
rmSync(folder, { recursive: true, force: true });

function newTurns() {
  return Array.from({ length: ROWS }, () => turnOf(newId(), org, 1, BODY));
}

async function flush(batch: FlushBatch): Promise<void> {
  if ((await store.flush(epoch, batch)) !== "committed") throw new Error("deposed");
}

async function rawInsert(turns: FlushBatch["turns"]): Promise<void> {
  const text = `INSERT INTO turns (execution_id, seq, org_id, at, body) VALUES ${turns
    .map((_, i) => `($${i * 5 + 1}, $${i * 5 + 2}, $${i * 5 + 3}, $${i * 5 + 4}, $${i * 5 + 5})`)
    .join(", ")}`;
  const values = turns.flatMap((row) => [row.executionId, row.seq, row.orgId, new Date(row.atMs), row.body]);
  await admin.query({ name: "raw", text, values });
}

async function measure<T>(
  what: string,
  backend: string,
  write: (batch: T) => Promise<void>,
  make: () => T,
): Promise<void> {
  for (let i = 0; i < WARM_UP; i += 1) await write(make());
  const pid = await pidOf(backend);
  let wallMs = 0;
  const cpu = { client: 0, server: -backendCpuUs(pid) };
  for (let i = 0; i < FLUSHES; i += 1) {
    const batch = make();
    const used = process.cpuUsage();
    const at = performance.now();
    await write(batch);
    wallMs += performance.now() - at;
    const { user, system } = process.cpuUsage(used);
    cpu.client += user + system;
  }
  cpu.server += backendCpuUs(pid);
  const rows = ROWS * FLUSHES;
  const us = (all: number) => (all / rows).toFixed(1);
  console.log(
    `${what.padEnd(42)} ${Math.round((rows / wallMs) * 1000)} rows/s   client ${us(cpu.client)} us, server ${us(cpu.server)} us a row`,
  );
}

async function pidOf(name: string): Promise<number> {
  if (name === "raw") return (await admin.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;
  const { rows } = await admin.query(
    "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()",
    [name],
  );
  return rows[0].pid;
}

/** Ticks are 10 ms, so only long measurements mean something. */
function backendCpuUs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return 0;
  }
}
