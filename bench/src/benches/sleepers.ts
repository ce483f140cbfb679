// W3: executions that wait for one common moment. How fast they start, what each costs in memory, how late the first
// one wakes, and how fast all of them come to their end.
import { setTimeout as delay } from "node:timers/promises";
import { PAYLOAD, sleeper } from "../engine/workflows.ts";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { memoryBytes } from "../measure/processes.ts";
import { withFolder } from "../measure/scratch.ts";
import { measureLoad } from "../server/measureLoad.ts";
import { type Server, withServer } from "../server/startServer.ts";

const SLEEPERS = 10_000;
const MANY = 100_000;
const CONNECTIONS = 64;
/** The moment is as far away as starting takes at half the pace of the warm-up. */
const WARM_UP = 2_000;
/** Quiet executions leave memory after a second. */
const SETTLE_MS = 4_000;
const MIB = 1024 * 1024;

export const sleepers: Bench = {
  about: "W3: 10,000 waiting executions: start, memory, wake, drain.",
  run: ({ n = SLEEPERS, note }) => measure("sleepers", n, note),
};

export const manySleepers: Bench = {
  about: "The same with 100,000: what they cost over an idle server (two minutes).",
  run: ({ note }) => measure("sleepers-100k", MANY, note),
};

function measure(name: string, n: number, note: (text: string) => void): Promise<Figure[]> {
  return withFolder((folder) =>
    withServer(folder, async (server) => {
      const id = await server.create(sleeper("w3"));
      const path = `/api/v1/workflows/${id}/execute`;
      const soon = (ms: number) =>
        JSON.stringify({ ...PAYLOAD, wakeAt: new Date(Date.now() + ms).toISOString() });
      const job = { path, connections: CONNECTIONS };
      const warm = await measureLoad(server, { ...job, body: soon(500), requests: WARM_UP });
      await delay(3_000);
      const idle = await memoryOf(server);

      const leadMs = (2 * n * 1000) / warm.perSecond + SETTLE_MS + 3_000;
      const wakeAtMs = Date.now() + leadMs;
      note(`starting ${n}`);
      const started = await measureLoad(server, { ...job, body: soon(leadMs), requests: n });
      await delay(SETTLE_MS);
      const waiting = await memoryOf(server);
      await server.ask("forget");
      if (Date.now() > wakeAtMs) throw new Error("starting took longer than the sleep");
      note("waiting for the moment");
      await delay(wakeAtMs - Date.now());
      const ended = await allEnded(server, started.ok);
      const drainSeconds = (ended.lastAtMs - wakeAtMs) / 1000;
      const grown = (what: keyof typeof idle) => waiting[what] - idle[what];
      return [
        figureOf(name, "start", started.perSecond, "executions/s"),
        figureOf(name, "start_cpu", (started.cpu.total / started.ok) * 1000, "CPU s/1,000 starts"),
        figureOf(name, "live_bytes_each", grown("live") / n, "bytes"),
        figureOf(name, "live_over_idle", grown("live") / MIB, "MiB"),
        figureOf(name, "server_pss_over_idle", grown("server") / MIB, "MiB"),
        figureOf(name, "server_pss_each", grown("server") / n, "bytes"),
        figureOf(name, "database_pss_each", grown("database") / n, "bytes"),
        figureOf(name, "first_wake", (ended.firstAtMs - wakeAtMs) / 1000, "s"),
        figureOf(name, "drain", ended.count / drainSeconds, "executions/s"),
        figureOf(name, "not_ended", started.ok - ended.count, "executions"),
      ];
    }),
  );
}

async function memoryOf(server: Server) {
  const { liveBytes } = await server.ask("memory");
  return {
    live: liveBytes,
    server: memoryBytes([server.pid]) - memoryBytes([server.databasePid]),
    database: memoryBytes([server.databasePid]),
  };
}

async function allEnded(server: Server, count: number) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { ended } = await server.ask("ended");
    if (ended.count >= count || Date.now() > deadline) return ended;
    await delay(100);
  }
}
