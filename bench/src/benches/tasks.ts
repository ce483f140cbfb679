// Tasks over HTTP: flows planned, runs through their pool to their end, each of them a durable execution.
import { setTimeout as delay } from "node:timers/promises";
import { type Bench, figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";
import { withServer } from "../server/startServer.ts";

const RUNS = 2_000;
const AT_ONCE = 16;
const WITHIN_MS = 120_000;

type Reply = Record<string, unknown>;

export const tasks: Bench = {
  about: "Tasks: 2,000 runs planned over HTTP and brought to their end through a pool of 100 places.",
  run: ({ n = RUNS, note }) =>
    withFolder((folder) =>
      withServer(folder, async (server) => {
        await server.call("PUT", "/api/v1/pools/bench", { slots: 100 });
        const run = { kind: "node", type: "set", config: { fields: { done: true } } };
        const task = (await server.call("POST", "/api/v1/tasks", {
          ...{ name: "bench", run, resources: { bench: 1 } },
        })) as Reply;
        const path = `/api/v1/tasks/${task.id}/execute`;
        const startedAt = performance.now();
        let left = n;
        const plan = async () => {
          while (left-- > 0) await server.call("POST", path, {});
        };
        await Promise.all(Array.from({ length: AT_ONCE }, plan));
        const plannedMs = performance.now() - startedAt;
        note("all are planned");
        for (;;) {
          const { items } = (await server.call("GET", "/api/v1/tasks/runs?open=1&limit=1")) as {
            items: Reply[];
          };
          if (items.length === 0) break;
          if (performance.now() - startedAt > WITHIN_MS) throw new Error("it took too long");
          await delay(50);
        }
        const endedMs = performance.now() - startedAt;
        return [
          figureOf("tasks", "planned", (n * 1000) / plannedMs, "runs/s"),
          figureOf("tasks", "through", (n * 1000) / endedMs, "runs/s"),
        ];
      }),
    ),
};
