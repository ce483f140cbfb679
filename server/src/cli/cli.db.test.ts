// The command line as people and scripts use it: as a program, by exit codes and streams.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { migrate } from "../migrations/migrate.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { until } from "../testing/runningServer.ts";
import { failing, hello, waitsForSignal } from "../testing/workflows.ts";

const program = join(import.meta.dirname, "../../bin/auraos.mjs");
const folder = mkdtempSync(join(tmpdir(), "auraos-cli-"));
const children = new Set<ChildProcess>();
after(async () => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
const database = await freshDatabase({ after }, migrate);
const environment = {
  PATH: process.env.PATH ?? "",
  DATABASE_URL: database.url,
  AURAOS_DATA: join(folder, "data"),
  AURAOS_DRAIN_SECONDS: "2",
  PORT: "0",
};

type Outcome = { code: number | null; out: string; err: string };

function launch(args: string[], more: Record<string, string> = {}, input?: string) {
  const child = spawn(process.execPath, [program, ...args], { env: { ...environment, ...more } });
  children.add(child);
  const outcome: Outcome = { code: null, out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (outcome.out += chunk));
  child.stderr.on("data", (chunk: Buffer) => (outcome.err += chunk));
  child.stdin.end(input ?? "");
  const ended = new Promise<Outcome>((resolve) => {
    child.on("close", (code) => {
      children.delete(child);
      resolve({ ...outcome, code });
    });
  });
  return { child, outcome, ended };
}

const auraos = (args: string[], input?: string) => launch(args, {}, input).ended;

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const good = file("hello.json", hello);
const bad = file("bad.yaml", "name: bad\nnodes:\n  - {id: a, type: nope, config: {}}\nconnections: []\n");

test("run without a server: the output on stdout, progress on stderr, exit code 0", async () => {
  const ran = await auraos(["run", good, "--input", '{"name": "Ada"}']);
  assert.deepEqual([ran.code, JSON.parse(ran.out)], [0, { name: "Ada", greeting: "Hello Ada" }], ran.err);
  assert.match(ran.err, /done +greet/);
  const fromStdin = await auraos(["run", good, "--input", "-", "--json"], '[{"name": "A"}, {"name": "B"}]');
  const result = JSON.parse(fromStdin.out);
  assert.deepEqual([fromStdin.code, result.status, result.output.length], [0, "succeeded", 2]);
  assert.equal(fromStdin.err, "");
});

test("a failed run is exit code 1, an invalid file 2, with each problem located", async () => {
  const failed = await auraos(["run", file("failing.json", failing), "--json"]);
  assert.deepEqual([failed.code, JSON.parse(failed.out).failure.code], [1, "NO_WAY"]);
  const invalid = await auraos(["run", bad]);
  assert.deepEqual([invalid.code, invalid.out], [2, ""]);
  assert.match(invalid.err, /node a: .*nope/);
  const asJson = await auraos(["run", bad, "--json"]);
  assert.deepEqual([asJson.code, JSON.parse(asJson.out).problems[0].node], [2, "a"]);
  assert.equal((await auraos(["run", join(folder, "missing.json")])).code, 2);
  assert.equal((await auraos(["run", good, "--input", "{broken"])).code, 2);
  assert.equal((await auraos(["fly"])).code, 2);
  assert.equal((await auraos(["run", good, "--fast"])).code, 2);
});

test("validate needs neither server nor database", async () => {
  const valid = await launch(["validate", good, "--json"], { DATABASE_URL: "postgresql://nowhere:1/x" })
    .ended;
  assert.deepEqual([valid.code, JSON.parse(valid.out)], [0, { valid: true, problems: [] }]);
  const invalid = await auraos(["validate", bad, "--json"]);
  assert.deepEqual([invalid.code, JSON.parse(invalid.out).valid], [2, false]);
});

test("a workflow reads files beside it, and reaches a private address only when it is allowed to", async (t) => {
  const service = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end('{"here": true}');
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => service.once("listening", resolve));
  t.after(() => service.close());
  const host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
  file("rows.csv", "a,b\n1,2\n");
  const path = file("reads.json", {
    name: "reads",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "read", type: "file.read", config: { path: "rows.csv", as: "csv" } },
      { id: "get", type: "http", config: { url: `http://${host}/`, method: "GET" } },
    ],
    connections: [
      { from: "start", to: "read" },
      { from: "read", to: "get" },
    ],
  });
  const refused = await auraos(["run", path, "--json"]);
  assert.deepEqual([refused.code, JSON.parse(refused.out).failure.run], [1, "get"], refused.err);
  const allowed = await auraos(["run", path, "--json", "--allow-host", host]);
  assert.equal(allowed.code, 0, allowed.out + allowed.err);
});

test("a running server: used by commands, guarded against a second one, drained at its end", async () => {
  const first = launch(["start"]);
  const url = await until(async () => /running at (\S+)/.exec(first.outcome.out)?.[1], 20_000);
  const note = join(environment.AURAOS_DATA, "server.json");
  assert.equal(statSync(note).mode & 0o777, 0o600);

  const second = await auraos(["start"]);
  assert.equal(second.code, 1);
  assert.match(second.err, /DATA_DIRECTORY_IN_USE.*in use by another AuraOS/s);
  assert.match(second.err, new RegExp(url.replace(/[.]/g, "\\.")));

  const ran = await auraos(["run", good, "--input", '{"name": "Beside"}', "--json"]);
  assert.deepEqual([ran.code, JSON.parse(ran.out).output.greeting], [0, "Hello Beside"], ran.err);
  const { id } = JSON.parse(ran.out);
  const list = JSON.parse((await auraos(["executions", "list", "--json", "--workflow", "hello"])).out);
  assert.equal(list.items[0].id, id);
  assert.match((await auraos(["executions", "show", id])).out, /succeeded +greet/);

  const clock = { id: "clock", type: "trigger.schedule", config: { cron: "0 3 1 1 *" } };
  await auraos(["import", file("clock.json", { name: "by the clock", nodes: [clock], connections: [] })]);
  const [schedule] = JSON.parse((await auraos(["schedules", "list", "--json"])).out).items;
  assert.match((await auraos(["schedules", "pause", schedule.id, "--reason", "holidays"])).out, /is paused/);
  assert.match((await auraos(["schedules", "show", schedule.id])).out, /0 3 1 1 \*.*paused: holidays/s);

  await auraos(["import", file("waits.json", waitsForSignal)]);
  const exported = await auraos(["export", waitsForSignal.name, "--format", "yaml"]);
  assert.match(exported.out, /^name: waits for a signal\n/);

  const { key } = JSON.parse(readFileSync(note, "utf8"));
  const path = `${url}/api/v1/workflows/${encodeURIComponent(waitsForSignal.name)}/execute?wait=60`;
  const waiting = fetch(path, { method: "POST", headers: { authorization: `Bearer ${key}` } });
  const open = await until(async () => {
    const found = JSON.parse(
      (await auraos(["executions", "list", "--json", "--status", "waiting"])).out,
    ).items;
    return found[0]?.id as string | undefined;
  });
  first.child.kill("SIGTERM");
  const answered = await waiting;
  assert.deepEqual(
    [answered.status, ((await answered.json()) as { id: string }).id],
    [202, open],
    "told where to ask",
  );
  const ended = await first.ended;
  assert.equal(ended.code, 0, ended.err);
  assert.throws(() => statSync(note), { code: "ENOENT" });

  const cancelled = await auraos(["executions", "cancel", open]);
  assert.equal(cancelled.code, 0, cancelled.err);
  const shown = JSON.parse((await auraos(["executions", "show", open, "--json"])).out);
  assert.equal(shown.status, "cancelled");
});
