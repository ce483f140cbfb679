// The event bus: batches of a hundred events as fast as four publishers can, one workflow that wants every one of them.
// Two figures matter: how many are durable per second, and that every one of them has started exactly one execution.
import type { Bench } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";
import { measureLoad } from "../server/measureLoad.ts";
import { type Server, withServer } from "../server/startServer.ts";

const NAME = "events";
const BATCH = 100;
const PUBLISHERS = 4;
const MS = 8_000;
const WITHIN_MS = 180_000;

export const events: Bench = {
  about: "Event bus: events/s in with one workflow that starts for each, and how long until all have run.",
  run: ({ n, note }) =>
    withFolder((folder) =>
      withServer(folder, async (server) => {
        await server.create({
          name: "for each event",
          nodes: [{ id: "on", type: "trigger.event", config: { types: ["bench.tick"] } }],
          connections: [],
        });
        const body = JSON.stringify(
          Array.from({ length: BATCH }, (_, at) => ({
            ...{ id: `@i-${at}`, source: "/bench", type: "bench.tick", subject: `s${at}` },
            data: { amount: at, text: "as long as a small order" },
          })),
        );
        const before = (await server.ask("memory")).liveBytes;
        await server.ask("forget");
        const load = await measureLoad(server, {
          ...{ path: "/api/v1/events", body, connections: PUBLISHERS, ms: n ?? MS },
        });
        const sent = load.ok * BATCH;
        note(`${sent} events are in; waiting until each has run`);
        const busy = (await server.ask("memory")).liveBytes;
        const { seconds, count } = await untilAll(server, sent);
        return [
          figureOf(NAME, "events_in", load.perSecond * BATCH, "events/s", 5_000),
          figureOf(NAME, "executions", sent / (load.seconds + seconds), "executions/s"),
          figureOf(NAME, "cpu", (load.cpu.total / sent) * 1_000, "CPU s per 1,000 events in"),
          figureOf(NAME, "others", load.others, "cores used by others"),
          figureOf(NAME, "backlog_after", Math.max(0, sent - count.atEnd), "events"),
          figureOf(NAME, "drained_after", seconds, "s"),
          figureOf(NAME, "memory", (busy - before) / 1e6, "MB more than at rest"),
          figureOf(NAME, "missing", sent - count.all, "events"),
          figureOf(NAME, "failed", load.failed, "requests"),
        ];
      }),
    ),
};

async function untilAll(
  server: Server,
  wanted: number,
): Promise<{ seconds: number; count: { atEnd: number; all: number } }> {
  const startedAt = performance.now();
  const atEnd = (await server.ask("ended")).ended.count;
  let all = atEnd;
  while (all < wanted && performance.now() - startedAt < WITHIN_MS) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    all = (await server.ask("ended")).ended.count;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  // One too many would come after the last one that was awaited.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return { seconds, count: { atEnd, all: (await server.ask("ended")).ended.count } };
}
