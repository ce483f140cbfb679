// Code steps: an execution of one code step each, over HTTP, in the server's own threads and in worker processes. The
// steps are small, so this is the price of the walls around them: a fresh sandbox per step, and the way to a process.
import { chain } from "../engine/workflows.ts";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";
import { measureLoad } from "../server/measureLoad.ts";
import { withServer } from "../server/startServer.ts";

const NAME = "code";
const STEPS = 600;
const CONNECTIONS = 8;

export const code: Bench = {
  about: "Code steps per second: in threads of the server, and in one and two worker processes.",
  run: async ({ n = STEPS, note }) => {
    const figures: Figure[] = [];
    for (const workers of [0, 1, 2]) {
      note(workers === 0 ? "in threads" : `${workers} worker processes`);
      figures.push(figureOf(NAME, `steps_${workers}_workers`, await codeSteps(n, workers), "steps/s"));
    }
    return figures;
  },
};

/** Also what the bench `workers` counts: activities that computing nodes hand to workers. */
export async function codeSteps(n: number, workers: number): Promise<number> {
  return withFolder((folder) =>
    withServer(
      folder,
      async (server) => {
        const id = await server.create(
          chain("code", 1, (id) => ({
            id,
            type: "code",
            config: { code: "return { sum: $items.reduce((sum, item) => sum + item.json.value, 0) };" },
          })),
        );
        const job = {
          path: `/api/v1/workflows/${id}/execute?wait=60`,
          body: JSON.stringify({ value: 1, id: "@i" }),
          connections: CONNECTIONS,
        };
        // Until every process has come up and done its first steps.
        await measureLoad(server, { ...job, requests: Math.max(50, Math.ceil(n / 4)) });
        return (await measureLoad(server, { ...job, requests: n })).perSecond;
      },
      { AURAOS_WORKERS: String(workers) },
    ),
  );
}
