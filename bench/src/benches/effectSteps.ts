// W1: ten effect steps in a row, each durable before the next begins. Over HTTP with one request per execution, and in
// process as a share of raw inserts of the same rows: the first is what a user gets, the second what the design costs.
import pg from "pg";
import { keepBusy, withEngine } from "../engine/inProcess.ts";
import { chain, effectStep, PAYLOAD } from "../engine/workflows.ts";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { measureRawRows } from "../measure/rawRows.ts";
import { withDatabase, withFolder } from "../measure/scratch.ts";
import { startStopwatch } from "../measure/stopwatch.ts";
import { measureLoad } from "../server/measureLoad.ts";
import { withServer } from "../server/startServer.ts";

const NAME = "effect-steps";
const STEPS = 10;
const EXECUTIONS = 6_000;
/** Two flushes of what the engine hands over at once, so that thread and storage both have something to do. */
const IN_FLIGHT = 256;
const CONNECTIONS = 100;
const RAW_MS = 3_000;

export const effectSteps: Bench = {
  about: "W1: ten effect steps in a row, each durable; in process and over HTTP.",
  run: async ({ n = EXECUTIONS, note }) => [...(await inProcess(n, note)), ...(await overHttp(n, note))],
};

async function inProcess(n: number, note: (text: string) => void): Promise<Figure[]> {
  return withDatabase(async ({ url, pid }) => {
    const measured = await withEngine(url, [chain("w1", STEPS, effectStep)], async ({ engine, run }) => {
      const batch = (total: number) =>
        keepBusy(total, IN_FLIGHT, (id) => run("w1", { ...PAYLOAD, id })).then((rate) => rate * STEPS);
      note("in process, warming up");
      await batch(Math.ceil(n / 2));
      note(`in process, ${n} executions`);
      const [stop, turns] = [startStopwatch({ database: [pid], self: [process.pid] }), engine.status().turns];
      const stepsPerSecond = await batch(n);
      const { cpu } = stop();
      const cpuPer1k = (((cpu.database ?? 0) + (cpu.self ?? 0)) / (n * STEPS)) * 1000;
      return { stepsPerSecond, cpuPer1k, turnsPerStep: (engine.status().turns - turns) / (n * STEPS) };
    });
    const bodyBytes = await meanBody(url);
    note(`raw inserts of rows of ${bodyBytes.toFixed(0)} bytes, two connections`);
    const raw = await measureRawRows(url, { bodyBytes, connections: 2, ms: RAW_MS });
    const plain = await measureRawRows(url, { bodyBytes, connections: 2, ms: RAW_MS, isPlain: true });
    const { stepsPerSecond } = measured;
    return [
      figureOf(NAME, "share_in_process", stepsPerSecond / plain.rowsPerSecond, "of plain raw rows"),
      figureOf(NAME, "steps_in_process", stepsPerSecond, "steps/s", plain.rowsPerSecond),
      figureOf(NAME, "steps_in_process_encoded", stepsPerSecond, "steps/s", raw.rowsPerSecond),
      figureOf(NAME, "cpu_in_process", measured.cpuPer1k, "CPU s/1,000 steps"),
      figureOf(NAME, "turns_per_step", measured.turnsPerStep, "turns"),
      figureOf(NAME, "bytes_per_turn", bodyBytes, "bytes"),
    ];
  });
}

async function overHttp(n: number, note: (text: string) => void): Promise<Figure[]> {
  return withFolder((folder) =>
    withServer(folder, async (server) => {
      const id = await server.create(chain("w1", STEPS, effectStep));
      const job = {
        path: `/api/v1/workflows/${id}/execute?wait=60`,
        body: JSON.stringify({ ...PAYLOAD, id: "@i" }),
        connections: CONNECTIONS,
      };
      note("over HTTP, warming up");
      await measureLoad(server, { ...job, requests: Math.ceil(n / 2) });
      note(`over HTTP, ${n} executions, ${CONNECTIONS} connections`);
      const measured = await measureLoad(server, { ...job, requests: n });
      const per1k = (seconds: number) => (seconds / (measured.ok * STEPS)) * 1000;
      return [
        figureOf(NAME, "steps_http", measured.perSecond * STEPS, "steps/s"),
        figureOf(NAME, "cpu_http", per1k(measured.cpu.total), "CPU s/1,000 steps"),
        figureOf(NAME, "cpu_http_database", per1k(measured.cpu.database), "CPU s/1,000 steps"),
        figureOf(NAME, "others_http", measured.others, "cores used by others"),
      ];
    }),
  );
}

async function meanBody(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ bytes: number }>(
    "SELECT avg(length(body))::float8 AS bytes FROM turns",
  );
  await client.end();
  return rows[0]?.bytes ?? 0;
}
