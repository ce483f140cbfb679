// W5: the server is killed (SIGKILL) with 500 executions in flight, started again, and has to finish them all. Each
// step leaves a line outside; what the journal held at the kill must not run again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Fact } from "@auraos/kernel";
import { openedBodies } from "@auraos/server/testing/openedBodies.ts";
import type pg from "pg";
import { chain, PAYLOAD } from "../engine/workflows.ts";
import type { Bench } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { startLoad } from "../http/load.ts";
import { withFolder } from "../measure/scratch.ts";
import { ownDatabase } from "../server/ownDatabase.ts";
import { HEADERS, startServer } from "../server/startServer.ts";

const NAME = "recovery";
const EXECUTIONS = 500;
const STEPS = 10;
const STEP_MS = 30;

export const recovery: Bench = {
  about: "W5: kill -9 with 500 executions in flight: lost, repeated, seconds to recovery.",
  run: async ({ n = EXECUTIONS, note }) =>
    withFolder(async (folder) => {
      const dataDir = join(folder, "data");
      const file = join(folder, "steps.log");
      const first = await startServer(dataDir);
      const id = await first.create(
        chain("w5", STEPS, (node, step) => ({
          id: node,
          type: "bench.logged",
          config: { step, ms: STEP_MS, file },
        })),
      );
      const load = startLoad({
        port: first.port,
        path: `/api/v1/workflows/${id}/execute`,
        headers: HEADERS,
        body: JSON.stringify({ ...PAYLOAD, id: "@i" }),
        connections: 50,
        requests: n,
      });
      const { ok } = await load.result;
      while (linesOf(file).length < n * STEPS * 0.4) await delay(5);
      note(`${ok} started, killing the server after ${linesOf(file).length} steps`);
      await first.kill();
      const killedAtMs = Date.now();
      const beforeLines = linesOf(file);
      const second = await startServer(dataDir);
      const upMs = Date.now() - killedAtMs;
      const open = await allEnded(dataDir);
      const recoveredMs = Date.now() - killedAtMs;
      const after = linesOf(file).slice(beforeLines.length);
      const journaled = await journaledKeys(dataDir, killedAtMs);
      const finished = await countSucceeded(dataDir);
      await second.stop();

      const seen = new Set(beforeLines);
      return [
        figureOf(NAME, "accepted", ok, "executions"),
        figureOf(NAME, "lost", ok - finished + open, "executions"),
        figureOf(NAME, "completed_run_again", after.filter((key) => journaled.has(key)).length, "steps"),
        figureOf(NAME, "under_way_run_again", after.filter((key) => seen.has(key)).length, "steps"),
        figureOf(NAME, "up_again", upMs / 1000, "s"),
        figureOf(NAME, "recovered", recoveredMs / 1000, "s"),
      ];
    }),
};

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n");
  } catch {
    return [];
  }
}

/** Keys of the effects whose completion was in the journal at that moment (turns carry the clock of this machine). */
async function journaledKeys(dataDir: string, atMs: number): Promise<Set<string>> {
  const rows = await withDatabase(dataDir, (client) =>
    openedBodies(client, dataDir).turns(`at <= to_timestamp(${atMs} / 1000.0)`),
  );
  const keys = new Set<string>();
  for (const { id, body } of rows)
    for (const fact of JSON.parse(body) as Fact[])
      if (fact.t === "ItemsSettled") {
        for (const [item] of fact.results) keys.add(`${id}/${fact.run}:${item}/0`);
      } else if (fact.t === "NodeFinished") {
        for (const key of [`${id}/${fact.run}/0`, `${id}/${fact.run}:0/0`]) keys.add(key);
      }
  return keys;
}

async function allEnded(dataDir: string): Promise<number> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 20) {
    const [row] = await query<{ open: number }>(dataDir, "SELECT count(*)::int AS open FROM open_executions");
    if (row?.open === 0) return 0;
    await delay(20);
  }
  return (await query(dataDir, "SELECT 1 FROM open_executions")).length;
}

async function countSucceeded(dataDir: string): Promise<number> {
  const sql = "SELECT 1 FROM workflow_executions WHERE status = 'succeeded'";
  return (await query(dataDir, sql)).length;
}

async function query<Row extends pg.QueryResultRow>(dataDir: string, sql: string): Promise<Row[]> {
  return withDatabase(dataDir, async (client) => (await client.query<Row>(sql)).rows);
}

async function withDatabase<T>(dataDir: string, read: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = ownDatabase(dataDir);
  await client.connect();
  try {
    return await read(client);
  } finally {
    await client.end();
  }
}
