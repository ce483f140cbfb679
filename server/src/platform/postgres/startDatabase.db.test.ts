// The life of our own PostgreSQL: first start, later starts, crashes on either side, refusals, a clean end.
// Each test uses a data folder of its own where it matters; all processes are ended by id and looked for at the end.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { childrenOf, haveEnded, isAlive, signal } from "./processes.ts";
import { type RunningDatabase, startDatabase } from "./startDatabase.ts";

type Held = {
  url: string;
  adopted: boolean;
  clusterDir: string;
  pid: number;
  notes: string[];
  code?: string;
  message?: string;
};

const isRoot = process.getuid?.() === 0;
const holdDatabase = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "testing", "holdDatabase.ts");
const root = mkdtempSync(join(tmpdir(), "auraos-supervisor-"));
chmodSync(root, 0o711);
const shared = join(root, "shared");
const serversSeen = new Set<number>();

after(cleanUp);
// A server outlives its AuraOS, by design; not the tests that a person interrupts.
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => {
    cleanUp();
    process.exit(130);
  });
}

test("the first start makes a cluster that keeps what is committed and lets nobody else in", async (t) => {
  const database = await start(t, shared);
  assert.equal(database.adopted, false);
  const [settings] = await query(
    database.url,
    `select current_setting('data_checksums') as checksums, current_setting('synchronous_commit') as commit,
            current_setting('listen_addresses') as addresses, current_setting('ssl') as ssl,
            current_setting('wal_level') as wal, current_database() as database`,
  );
  assert.deepEqual(settings, {
    checksums: "on",
    commit: "on",
    addresses: "",
    ssl: "off",
    wal: "replica",
    database: "auraos",
  });
  assert.equal(statSync(join(shared, "postgres.password")).mode & 0o777, 0o600);
  assert.equal(statSync(database.clusterDir).mode & 0o777, 0o700);
  assert.deepEqual(
    readdirSync(shared).filter((name) => name.includes("new")),
    [],
    "no draft is left",
  );
  await assert.rejects(
    query(database.url.replace(/:[^:@]+@/, ":wrong@"), "select 1"),
    /password authentication/,
  );
  await query(database.url, "create table kept (name text)");
  await query(database.url, "insert into kept values ('before')");
});

test("after stop no process is left, and the next start finds everything", async (t) => {
  const database = await start(t, shared);
  const pid = database.pid();
  assert.ok(pid);
  const family = [pid, ...childrenOf(pid)];
  await database.stop();
  await database.stop();
  assert.ok(await haveEnded(family, 0), "a process is left");
  assert.equal(existsSync(join(database.clusterDir, "postmaster.pid")), false);

  const startedAt = performance.now();
  const again = await start(t, shared);
  const tookMs = performance.now() - startedAt;
  assert.deepEqual(await query(again.url, "select name from kept"), [{ name: "before" }]);
  t.diagnostic(`later start: ${tookMs.toFixed(0)} ms`);
});

test("a second start on the same folder is refused, in this process and in another", async (t) => {
  await start(t, shared);
  writeFileSync(
    join(shared, "server.json"),
    JSON.stringify({ pid: process.pid, url: "http://127.0.0.1:5678" }),
  );
  await assert.rejects(
    startDatabase({ dataDir: shared, log: () => {} }),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, "DATA_DIRECTORY_IN_USE");
      assert.match(
        error.message,
        new RegExp(`process ${process.pid}\\. It answers at http://127.0.0.1:5678\\.`),
      );
      return true;
    },
  );
  const other = await hold(t, shared);
  assert.equal(other.said.code, "DATA_DIRECTORY_IN_USE");
  rmSync(join(shared, "server.json"));
});

test("a server whose AuraOS was killed keeps serving and is adopted", async (t) => {
  const first = await hold(t, shared);
  assert.equal(first.said.adopted, false, first.said.message);
  const bystander = new pg.Client({ connectionString: first.said.url });
  await bystander.connect();
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const database = await start(t, shared);
  assert.equal(database.adopted, true);
  assert.equal(database.pid(), first.said.pid);
  assert.equal(database.url, first.said.url);
  assert.equal((await bystander.query("select 1 as one")).rows[0].one, 1, "the connection was never cut");
  await bystander.end();
  await database.stop();
  assert.equal(isAlive(first.said.pid), false);
});

test("Ctrl-C reaches the process group of AuraOS, not the database", async (t) => {
  const first = await hold(t, shared, { detached: true });
  assert.ok(first.child.pid);
  process.kill(-first.child.pid, "SIGINT");
  await once(first.child, "exit");
  await delay(200);
  const database = await start(t, shared);
  assert.equal(database.pid(), first.said.pid);
});

test("an adopted server that dies is started again as well", async (t) => {
  const first = await hold(t, shared);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const database = await start(t, shared);
  assert.equal(database.adopted, true);
  await killAndAwaitRecovery(database);
  assert.deepEqual(await query(database.url, "select name from kept"), [{ name: "before" }]);
});

test("a server with other settings is not adopted but restarted", async (t) => {
  const first = await hold(t, shared);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const database = await start(t, shared, { work_mem: "5MB" });
  assert.equal(database.adopted, false);
  assert.deepEqual(await query(database.url, "show work_mem"), [{ work_mem: "5MB" }]);
});

test("a pid file whose process is gone, or is somebody else's, does not stop a start", async (t) => {
  const cluster = join(shared, "postgres");
  // Not Node: it may lie in a folder that the database's user cannot enter.
  const stranger = spawn("sleep", ["1000"], { stdio: "ignore", ...sameUserAs(cluster) });
  t.after(() => void stranger.kill("SIGKILL"));
  const owner = statSync(cluster);
  for (const pid of [4_194_303, stranger.pid]) {
    const file = join(cluster, "postmaster.pid");
    writeFileSync(file, `${pid}\n${cluster}\n1700000000\n5432\n${shared}\n\n0 0\nready   \n`, {
      mode: 0o600,
    });
    chownSync(file, owner.uid, owner.gid);
    const database = await start(t, shared);
    assert.equal(database.adopted, false);
    await database.stop();
  }
  assert.equal(stranger.exitCode, null, "the stranger was left alone");
});

test("kill -9 of the server: told, started again, nothing lost, same url", async (t) => {
  const database = await start(t, shared);
  const crashes: string[] = [];
  database.onCrash((crash) => crashes.push(crash.reason));
  for (const round of [1, 2]) {
    await query(database.url, `insert into kept values ('round ${round}')`);
    const downMs = await killAndAwaitRecovery(database);
    t.diagnostic(`back after ${downMs} ms`);
  }
  assert.match(crashes[0] ?? "", /SIGKILL/);
  assert.equal((await query(database.url, "select * from kept where name like 'round%'")).length, 2);
});

test("stop while the server is being brought back leaves nothing running", async (t) => {
  const database = await start(t, shared);
  const pid = database.pid();
  assert.ok(pid);
  const crashed = new Promise<void>((resolve) => database.onCrash(() => resolve()));
  process.kill(pid, "SIGKILL");
  await crashed;
  await database.stop();
  assert.equal(database.pid(), undefined);
  const again = await start(t, shared);
  assert.equal(again.adopted, false);
});

test("killed in the middle of making the cluster: the next start makes it whole", async (t) => {
  const folder = await interrupted(t);
  const database = await start(t, folder);
  assert.equal((await query(database.url, "select 1 as one")).length, 1);
  assert.deepEqual(draftsIn(folder), []);
});

/** A data folder whose first start was killed while initdb ran. */
async function interrupted(t: TestContext): Promise<string> {
  for (let attempt = 1; attempt <= 8; attempt++) {
    const folder = join(root, `interrupted${attempt}`);
    const first = spawnHolder(folder);
    t.after(() => void first.kill("SIGKILL"));
    const initdb = await initdbOf(folder);
    // It stands still, so that it cannot be done before the kill, however slow the machine is.
    const isCaught = initdb !== undefined && signal(initdb, "SIGSTOP") && childrenOf(initdb).length > 0;
    first.kill("SIGKILL");
    await once(first, "exit");
    if (isCaught) {
      assert.equal(existsSync(join(folder, "postgres")), false, "nothing half-made has the final name");
      signal(initdb, "SIGCONT");
      return folder;
    }
    await (await start(t, folder)).stop();
  }
  throw new Error("the kill always came after the cluster was made");
}

/** At work; undefined when it was too quick for us. */
async function initdbOf(folder: string): Promise<number | undefined> {
  while (!existsSync(join(folder, "postgres"))) {
    for (const draft of draftsIn(folder)) {
      const file = join(folder, draft, "initdb.pid");
      const pid = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
      if (pid > 0 && childrenOf(pid).length > 0) return pid;
    }
    await delay(5);
  }
  return undefined;
}

function draftsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("postgres.new-")) : [];
}

test("a long path gets a short socket folder", async (t) => {
  const folder = join(root, "long".repeat(30), "data");
  mkdirSync(dirname(folder), { mode: 0o711 });
  const database = await start(t, folder);
  assert.equal((await query(database.url, "select 1 as one")).length, 1);
  const socket = new URL(database.url).searchParams.get("host") ?? "";
  assert.ok(socket.length < 100, socket);
  t.after(() => rmSync(socket, { recursive: true, force: true }));
});

test("a lost password is said, not papered over with an empty database", async (t) => {
  const password = join(shared, "postgres.password");
  const kept = readFileSync(password);
  rmSync(password);
  t.after(() => writeFileSync(password, kept, { mode: 0o600 }));
  await assert.rejects(startDatabase({ dataDir: shared, log: () => {} }), { code: "DATABASE_PASSWORD_LOST" });
});

test("as root under a closed folder, the cluster lives where its user can reach it", {
  skip: notRoot(),
}, async (t) => {
  const closed = join(root, "closed");
  mkdirSync(closed, { mode: 0o700 });
  const folder = join(closed, "data");
  const first = await start(t, folder);
  t.after(() => rmSync(dirname(first.clusterDir), { recursive: true, force: true }));
  assert.match(first.clusterDir, /^\/var\/lib\/auraos\//);
  await query(first.url, "create table kept (name text)");
  await first.stop();

  // Opened since: the cluster stays where it is.
  chmodSync(closed, 0o711);
  const second = await start(t, folder);
  assert.equal(second.clusterDir, first.clusterDir);
  assert.deepEqual(await query(second.url, "select * from kept"), []);
  await second.stop();

  rmSync(first.clusterDir, { recursive: true });
  await assert.rejects(startDatabase({ dataDir: folder, log: () => {} }), { code: "DATABASE_CLUSTER_LOST" });
});

test("as an ordinary user", { skip: notRoot() || unreadable() }, async (t) => {
  const folder = join(root, "ordinary");
  mkdirSync(folder, { mode: 0o700 });
  const nobody = 65_534;
  chownSync(folder, nobody, nobody);
  const held = await hold(t, join(folder, "data"), { uid: nobody, gid: nobody });
  assert.equal(held.said.code, undefined, held.said.message);
  assert.equal(held.said.clusterDir, join(folder, "data", "postgres"));
  assert.equal((await query(held.said.url, "select 1 as one")).length, 1);
  held.child.kill("SIGTERM");
  await once(held.child, "exit");
  assert.equal(isAlive(held.said.pid), false);
});

function cleanUp(): void {
  for (const pid of serversSeen) if (isAlive(pid)) process.kill(pid, "SIGQUIT");
  rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

async function start(
  t: TestContext,
  dataDir: string,
  extra: Record<string, string> = {},
): Promise<RunningDatabase> {
  const database = await startDatabase({ dataDir, log: () => {}, settings: { fsync: "off", ...extra } });
  remember(database.pid());
  t.after(() => database.stop());
  return database;
}

/** Another AuraOS, so to say, which a test may kill. */
async function hold(
  t: TestContext,
  dataDir: string,
  how: { uid?: number; gid?: number; detached?: true } = {},
): Promise<{ child: ChildProcess; said: Held }> {
  const child = spawnHolder(dataDir, how);
  t.after(() => void child.kill("SIGKILL"));
  assert.ok(child.stdout);
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line) as Held;
    remember(said.pid);
    return { child, said };
  }
  throw new Error("the holder said nothing");
}

function spawnHolder(
  dataDir: string,
  how: { uid?: number; gid?: number; detached?: true } = {},
): ChildProcess {
  return spawn(process.execPath, [holdDatabase, dataDir], { ...how, stdio: ["ignore", "pipe", "inherit"] });
}

async function killAndAwaitRecovery(database: RunningDatabase): Promise<number> {
  const pid = database.pid();
  assert.ok(pid);
  const recovered = new Promise<{ pid: number; downMs: number }>((resolve) => database.onRecovery(resolve));
  process.kill(pid, "SIGKILL");
  const recovery = await recovered;
  remember(recovery.pid);
  assert.notEqual(recovery.pid, pid);
  return recovery.downMs;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function sameUserAs(path: string): { uid?: number; gid?: number } {
  const { uid, gid } = statSync(path);
  return isRoot ? { uid, gid } : {};
}

function remember(pid: number | undefined): void {
  if (pid !== undefined) serversSeen.add(pid);
}

function notRoot(): string | false {
  return isRoot ? false : "needs root";
}

/** The checkout itself may be in a folder that only root can enter. */
function unreadable(): string | false {
  for (let folder = dirname(holdDatabase); folder !== "/"; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return `${folder} is closed to other users`;
  }
  return false;
}
