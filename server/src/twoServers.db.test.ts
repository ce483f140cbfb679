// Two servers on one database, and what starts by itself: one of them fires. The one that leads stands still until the other
// has taken over and then goes on as if nothing had been; the next one is killed. Whatever was due, published or put
// down meanwhile starts one execution, never two and never none.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { migrate } from "./migrations/migrate.ts";
import { freshDatabase } from "./testing/freshDatabase.ts";
import { openedBodies } from "./testing/openedBodies.ts";
import { testKey, until } from "./testing/runningServer.ts";

const WITHIN_MS = 90_000;
const folder = mkdtempSync(join(tmpdir(), "auraos-two-"));
const files = join(folder, "files");
const running = new Set<Server>();
after(async () => {
  for (const one of [...running]) await one.kill();
  rmSync(folder, { recursive: true, force: true });
});
const database = await freshDatabase({ after }, migrate);

type Server = {
  url: string;
  child: ChildProcess;
  isLeading(): Promise<boolean>;
  kill(): Promise<void>;
};

/** All servers of a database have one root key. */
async function start(name: string, rootKeyOf?: string): Promise<Server> {
  const dataDir = join(folder, name);
  mkdirSync(dataDir, { recursive: true });
  const note = join(dataDir, "server.json");
  rmSync(note, { force: true });
  const child = spawn(process.execPath, [join(import.meta.dirname, "../bin/auraos.mjs"), "start"], {
    env: {
      ...{ PATH: process.env.PATH, DATABASE_URL: database.url, AURAOS_DATA: dataDir, AURAOS_FILES: files },
      ...(rootKeyOf === undefined
        ? {}
        : { AURAOS_VAULT_KEY: readFileSync(join(folder, rootKeyOf, "vault.keys"), "utf8").trim() }),
      AURAOS_AUDIT_CHECKPOINTS: join(dataDir, "checkpoints"),
      ...{ AURAOS_API_KEY: testKey, AURAOS_LOG: "silent", AURAOS_WORKERS: "0", PORT: "0" },
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const server: Server = {
    ...{ url: "", child },
    isLeading: async () => {
      const reply = await fetch(`${server.url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(
        () => undefined,
      );
      return reply?.status === 200;
    },
    async kill() {
      running.delete(server);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
  running.add(server);
  await until(async () => existsSync(note) && readFileSync(note, "utf8").includes('"pid"'), WITHIN_MS);
  server.url = JSON.parse(readFileSync(note, "utf8")).url;
  return server;
}

async function ask(server: Server, method: string, path: string, body?: unknown) {
  const response = await fetch(server.url + path, {
    ...{ method, signal: AbortSignal.timeout(60_000) },
    headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: text === "" ? undefined : JSON.parse(text) };
}

async function make(server: Server, path: string, body: unknown): Promise<string> {
  const made = await ask(server, "POST", path, body);
  assert.equal(made.status, 201, made.text);
  return made.json.id;
}

// biome-ignore lint/suspicious/noExplicitAny: what an execution was given
const inputOf = (text: string | null): any => [JSON.parse(text ?? "[]")].flat()[0] ?? {};

const workflow = (name: string, trigger: object, more: object = {}) => ({
  ...{ name, nodes: [{ id: "on", ...trigger }], connections: [], ...more },
});

test("one owner fires: schedules, events, tasks and listening triggers over two changes of the leader", async () => {
  const first = await start("a");
  await until(() => first.isLeading(), WITHIN_MS);
  const second = await start("b", "a");
  const sick = await make(first, "/api/v1/workflows?publish=1", {
    ...{ name: "sick", connections: [{ from: "on", to: "stop" }] },
    nodes: [
      { id: "on", type: "trigger.manual", config: {} },
      { id: "stop", type: "stop", config: { message: "out of order" } },
    ],
  });
  await ask(first, "PUT", `/api/v1/workflows/${sick}/limits`, { pauseAfterFailures: 2 });
  const clock = workflow("clock", {
    type: "trigger.schedule",
    config: { cron: "* * * * * *", overlap: "allow", missed: "all" },
  });
  await make(first, "/api/v1/workflows?publish=1", clock);
  const ordered = { types: ["two.x"], key: "{{ $json.data.k }}", flow: "ordered" };
  for (const [name, config] of [
    ["each", { types: ["two.x"] }],
    ["ordered", ordered],
  ] as const)
    await make(first, "/api/v1/workflows?publish=1", workflow(name, { type: "trigger.event", config }));
  const watch = { folder: "in", everySeconds: 0.2 };
  mkdirSync(join(files, "in"), { recursive: true });
  await make(
    first,
    "/api/v1/workflows?publish=1",
    workflow("watched", { type: "trigger.file", config: watch }),
  );
  await make(
    first,
    "/api/v1/workflows?publish=1",
    workflow("worked", { type: "trigger.manual", config: {} }),
  );
  const task = await make(first, "/api/v1/tasks", {
    ...{ name: "every second", run: { kind: "workflow", workflow: "worked" } },
    schedule: { cron: "* * * * * *", overlap: "allow" },
  });

  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const executionsOf = async (name: string) =>
      (await openedBodies(client, join(folder, "a")).executions()).filter((one) => one.workflow === name);
    const acknowledged: string[] = [];
    let [sent, put] = [0, 0];
    /** Any server takes events; who is asked may be gone by the next one. */
    const some = async (servers: Server[]) => {
      for (let one = 0; one < 5; one += 1) {
        sent += 1;
        const id = String(sent).padStart(4, "0");
        const event = { id, source: "/two", type: "two.x", data: { k: `k${sent % 2}` } };
        const to = servers[sent % servers.length] as Server;
        const reply = await ask(to, "POST", "/api/v1/events", [event]).catch(() => undefined);
        if (reply?.status === 202) acknowledged.push(id);
        put += 1;
        writeFileSync(join(files, "in", `${put}.txt`), String(put));
      }
    };
    const fired = async () => (await executionsOf("clock")).length;
    const more = async (servers: Server[]) => {
      const before = await fired();
      await some(servers);
      await until(async () => (await fired()) >= before + 2, WITHIN_MS);
    };
    await more([first, second]);
    for (let failure = 0; failure < 2; failure += 1)
      await ask(first, "POST", "/api/v1/workflows/sick/execute?wait=10", {});
    const isPaused = async () =>
      (await ask(second, "GET", `/api/v1/workflows/${sick}/limits`)).json.paused === true;
    await until(isPaused, WITHIN_MS);

    first.child.kill("SIGSTOP");
    await some([second]);
    await until(() => second.isLeading(), WITHIN_MS);
    first.child.kill("SIGCONT");
    await more([second]);
    // Paused by the one before: the one that leads now read its limits when nothing had failed.
    const refused = await ask(second, "POST", "/api/v1/workflows/sick/execute", {});
    assert.equal(refused.json.code, "WORKFLOW_PAUSED", refused.text);
    await until(async () => !(await first.isLeading()), WITHIN_MS);
    await more([first, second]);

    await second.kill();
    await some([first]);
    await until(() => first.isLeading(), WITHIN_MS);
    await more([first]);
    const planned = async () =>
      (await client.query("SELECT count(*)::int AS n FROM task_executions")).rows[0].n;
    await until(async () => (await planned()) >= 4, WITHIN_MS);

    const { rows: schedules } = await client.query("SELECT id FROM schedules");
    assert.equal((await ask(first, "POST", `/api/v1/schedules/${schedules[0].id}/pause`)).status, 200);
    assert.equal((await ask(first, "POST", `/api/v1/tasks/${task}/pause`)).status, 200);

    // Every second from the first one to the last, each once; what had begun when they were paused comes to its end.
    const clocks = async () => {
      const executions = await executionsOf("clock");
      const { rows } = await client.query<{ due: Date; outcome: string; count: number }>(
        "SELECT due, outcome, count FROM schedule_fires ORDER BY due",
      );
      return { executions, fires: rows };
    };
    await until(async () => {
      const { executions, fires } = await clocks();
      return executions.every(({ status }) => status === "succeeded") && executions.length === fires.length;
    }, WITHIN_MS).catch(() => {});
    const { executions, fires } = await clocks();
    const due = executions
      .map(({ input }) => Date.parse(inputOf(input).scheduledAt))
      .toSorted((a, b) => a - b);
    for (const [at, ms] of due.entries())
      assert.equal(ms, (due[0] as number) + at * 1_000, `at ${new Date(ms).toISOString()}`);
    assert.deepEqual(
      fires.map((fire) => [fire.due.getTime(), fire.outcome, fire.count]),
      due.map((ms) => [ms, "started", 1]),
    );

    // A due time of a task is planned once and its run started once; what was missed is made up for by the last.
    const works = async () => {
      const { rows } = await client.query<{ due: string; status: string; execution: string }>(
        "SELECT due::text AS due, status, execution_id AS execution FROM task_executions ORDER BY id",
      );
      return { runs: rows, ids: (await executionsOf("worked")).map(({ id }) => id).toSorted() };
    };
    await until(async () => {
      const { runs, ids } = await works();
      return runs.every(({ status }) => status === "succeeded") && runs.length === ids.length;
    }, WITHIN_MS).catch(() => {});
    const { runs, ids } = await works();
    assert.ok(runs.length >= 4, `${runs.length} runs`);
    assert.ok(runs.every(({ status }) => status === "succeeded"));
    assert.equal(new Set(runs.map((one) => one.due)).size, runs.length);
    assert.deepEqual(ids, runs.map(({ execution }) => execution).toSorted());

    const stored = (
      await client.query("SELECT event_id AS id FROM events WHERE type = 'two.x' ORDER BY position")
    ).rows;
    const wanted = stored.map(({ id }) => id as string);
    for (const id of acknowledged) assert.ok(wanted.includes(id), `${id} was acknowledged and is gone`);
    for (const name of ["each", "ordered"]) {
      await until(async () => (await executionsOf(name)).length >= wanted.length, WITHIN_MS);
      const given = (await executionsOf(name)).map(({ input }) => inputOf(input).id as string);
      assert.deepEqual(given.toSorted(), wanted.toSorted(), name);
      if (name === "ordered")
        for (const odd of [0, 1])
          assert.deepEqual(
            given.filter((id) => Number(id) % 2 === odd),
            wanted.filter((id) => Number(id) % 2 === odd),
          );
    }

    await until(async () => (await executionsOf("watched")).length >= put, WITHIN_MS);
    const names = (await executionsOf("watched")).map(({ input }) => inputOf(input).name as string);
    assert.deepEqual(names.toSorted(), Array.from({ length: put }, (_, at) => `${at + 1}.txt`).toSorted());
  } finally {
    await client.end();
  }
});
