// Activities per second that worker processes take, from one process to four: steps that compute for about ten
// milliseconds each, so that more processes mean more work done as long as there are cores for them.
import { chain } from "../engine/workflows.ts";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";
import { measureLoad } from "../server/measureLoad.ts";
import { withServer } from "../server/startServer.ts";

const NAME = "workers";
const ACTIVITIES = 400;
const CONNECTIONS = 16;
const PROCESSES = [1, 2, 3, 4];

export const workers: Bench = {
  about: "Computing activities per second with one to four worker processes.",
  run: ({ n = ACTIVITIES, note }) =>
    withFolder((folder) =>
      withServer(folder, async (server) => {
        const code =
          "let n = 0; for (let i = 0; i < 60000; i += 1) n = (n * 31 + i) % 1000003; return { n };";
        const id = await server.create(
          chain("compute", 1, (node) => ({ id: node, type: "code", config: { code } })),
        );
        const job = {
          path: `/api/v1/workflows/${id}/execute?wait=60`,
          body: JSON.stringify({ id: "@i" }),
          connections: CONNECTIONS,
        };
        const figures: Figure[] = [];
        for (const count of PROCESSES) {
          note(`${count} processes`);
          await server.call("PUT", "/api/v1/workers/local", { count });
          await allUp(server, count);
          await measureLoad(server, { ...job, requests: Math.ceil(n / 4) });
          const { perSecond } = await measureLoad(server, { ...job, requests: n });
          figures.push(figureOf(NAME, `processes_${count}`, perSecond, "activities/s"));
        }
        return figures;
      }),
    ),
};

async function allUp(server: { call(method: string, path: string): Promise<unknown> }, count: number) {
  for (;;) {
    const { items } = (await server.call("GET", "/api/v1/workers")) as { items: unknown[] };
    if (items.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
