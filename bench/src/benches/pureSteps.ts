// Ten pure nodes in a row, durable: they ride along in the turn that starts the execution, so each costs a fraction of
// a row. In process and over HTTP (where the request is what costs).
import { keepBusy, withEngine } from "../engine/inProcess.ts";
import { chain, PAYLOAD, pureStep } from "../engine/workflows.ts";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { measureRawRows } from "../measure/rawRows.ts";
import { withDatabase, withFolder } from "../measure/scratch.ts";
import { measureLoad } from "../server/measureLoad.ts";
import { withServer } from "../server/startServer.ts";

const NAME = "pure-steps";
const STEPS = 10;
const EXECUTIONS = 15_000;
const IN_FLIGHT = 2_000;
const CONNECTIONS = 64;
/** About as long as the one turn of such an execution. */
const BODY_BYTES = 5_000;

export const pureSteps: Bench = {
  about: "Ten pure nodes per execution, durable; in process and over HTTP.",
  run: async ({ n = EXECUTIONS, note }) => [...(await inProcess(n, note)), ...(await overHttp(n, note))],
};

async function inProcess(n: number, note: (text: string) => void): Promise<Figure[]> {
  return withDatabase(async ({ url }) => {
    const definition = chain("pure", STEPS, pureStep);
    const perSecond = await withEngine(url, [definition], async ({ run }) => {
      const batch = (total: number) => keepBusy(total, IN_FLIGHT, (id) => run("pure", { ...PAYLOAD, id }));
      note("in process");
      await batch(Math.ceil(n / 2));
      return batch(n);
    });
    const raw = await measureRawRows(url, { bodyBytes: BODY_BYTES, connections: 2, ms: 2_000 });
    return [
      figureOf(NAME, "nodes_in_process", perSecond * STEPS, "nodes/s"),
      figureOf(NAME, "executions_in_process", perSecond, "executions/s", raw.rowsPerSecond),
    ];
  });
}

async function overHttp(n: number, note: (text: string) => void): Promise<Figure[]> {
  return withFolder((folder) =>
    withServer(folder, async (server) => {
      const id = await server.create(chain("pure", STEPS, pureStep));
      const job = {
        path: `/api/v1/workflows/${id}/execute?wait=60`,
        body: JSON.stringify({ ...PAYLOAD, id: "@i" }),
        connections: CONNECTIONS,
      };
      note("over HTTP");
      await measureLoad(server, { ...job, requests: Math.ceil(n / 3) });
      const measured = await measureLoad(server, { ...job, requests: n });
      return [figureOf(NAME, "nodes_http", measured.perSecond * STEPS, "nodes/s")];
    }),
  );
}
