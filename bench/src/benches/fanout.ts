// W2: a hundred branches, each an effect, and a join that has them all. The join is durable like everything else.
import { keepBusy, withEngine } from "../engine/inProcess.ts";
import { fan, PAYLOAD } from "../engine/workflows.ts";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withDatabase, withFolder } from "../measure/scratch.ts";
import { measureLoad } from "../server/measureLoad.ts";
import { withServer } from "../server/startServer.ts";

const NAME = "fanout";
const BRANCHES = 100;
const EXECUTIONS = 1_000;
const IN_FLIGHT = 16;

export const fanout: Bench = {
  about: "W2: a hundred branches and a join; in process and over HTTP.",
  run: async ({ n = EXECUTIONS, note }) => [...(await overHttp(n, note)), ...(await inProcess(n, note))],
};

async function overHttp(n: number, note: (text: string) => void): Promise<Figure[]> {
  return withFolder((folder) =>
    withServer(folder, async (server) => {
      const id = await server.create(fan("w2", BRANCHES));
      const job = {
        path: `/api/v1/workflows/${id}/execute?wait=60`,
        body: JSON.stringify({ ...PAYLOAD, id: "@i" }),
        connections: IN_FLIGHT,
      };
      note("over HTTP");
      await measureLoad(server, { ...job, requests: Math.ceil(n / 3) });
      const measured = await measureLoad(server, { ...job, requests: n });
      const per1k = (measured.cpu.total / (measured.ok * BRANCHES)) * 1000;
      return [
        figureOf(NAME, "steps_http", measured.perSecond * BRANCHES, "steps/s"),
        figureOf(NAME, "cpu_http", per1k, "CPU s/1,000 steps"),
      ];
    }),
  );
}

async function inProcess(n: number, note: (text: string) => void): Promise<Figure[]> {
  return withDatabase(({ url }) =>
    withEngine(url, [fan("w2", BRANCHES)], async ({ run }) => {
      note("in process");
      const batch = (total: number) => keepBusy(total, IN_FLIGHT * 2, (id) => run("w2", { ...PAYLOAD, id }));
      await batch(Math.ceil(n / 3));
      return [figureOf(NAME, "steps_in_process", (await batch(n)) * BRANCHES, "steps/s")];
    }),
  );
}
