// W3: executions that wait for one common moment. How fast they start, what each costs in memory, how late the first
// one wakes, and how fast all of them come to their end.
import { setTimeout as delay } from "node:timers/promises";
import { PAYLOAD, sleeper } from "../engine/workflows.ts";
import type { Bench } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { memoryBytes } from "../measure/processes.ts";
import { withFolder } from "../measure/scratch.ts";
import { measureLoad } from "../server/measureLoad.ts";
import { type Server, withServer } from "../server/startServer.ts";

const NAME = "sleepers";
const SLEEPERS = 10_000;
const CONNECTIONS = 64;
/** The moment is as far away as starting takes at half the pace of the warm-up. */
const WARM_UP = 2_000;
/** Quiet executions leave memory after a second. */
const SETTLE_MS = 4_000;

export const sleepers: Bench = {
  about: "W3: 10,000 waiting executions (--n 100000 for more): start, memory, wake, drain.",
  run: async ({ n = SLEEPERS, note }) =>
    withFolder((folder) =>
      withServer(folder, async (server) => {
        const id = await server.create(sleeper("w3"));
        const path = `/api/v1/workflows/${id}/execute`;
        const soon = (ms: number) =>
          JSON.stringify({ ...PAYLOAD, wakeAt: new Date(Date.now() + ms).toISOString() });
        const warm = await measureLoad(server, {
          path,
          body: soon(500),
          connections: CONNECTIONS,
          requests: WARM_UP,
        });
        await delay(3_000);
        const idle = await memoryOf(server);

        const leadMs = (2 * n * 1000) / warm.perSecond + SETTLE_MS + 3_000;
        const wakeAtMs = Date.now() + leadMs;
        note(`starting ${n}`);
        const started = await measureLoad(server, {
          path,
          body: soon(leadMs),
          connections: CONNECTIONS,
          requests: n,
        });
        await delay(SETTLE_MS);
        const waiting = await memoryOf(server);
        await server.ask("forget");
        if (Date.now() > wakeAtMs) throw new Error("starting took longer than the sleep");
        note("waiting for the moment");
        await delay(wakeAtMs - Date.now());
        const ended = await allEnded(server, started.ok);
        const drainSeconds = (ended.lastAtMs - wakeAtMs) / 1000;
        return [
          figureOf(NAME, "start", started.perSecond, "executions/s"),
          figureOf(NAME, "live_bytes_each", (waiting.live - idle.live) / n, "bytes"),
          figureOf(NAME, "server_pss_each", (waiting.server - idle.server) / n, "bytes"),
          figureOf(NAME, "database_pss_each", (waiting.database - idle.database) / n, "bytes"),
          figureOf(NAME, "first_wake", (ended.firstAtMs - wakeAtMs) / 1000, "s"),
          figureOf(NAME, "drain", ended.count / drainSeconds, "executions/s"),
          figureOf(NAME, "not_ended", started.ok - ended.count, "executions"),
        ];
      }),
    ),
};

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
