// Endpoints of workers. Workers themselves connect over a WebSocket at the same place (workerProtocol.ts).
import { endpoint } from "./endpoint.ts";
import * as w from "./worker.ts";
import { z } from "./zod.ts";

const tag = "Workers";
const params = z.object({ id: z.uuid() });

export const workerEndpoints = {
  listWorkers: endpoint({
    method: "get",
    path: "/api/v1/workers",
    action: "worker.read",
    tag,
    summary: "Workers and what they run",
    reply: w.workerList,
  }),
  setLocalWorkers: endpoint({
    method: "put",
    path: "/api/v1/workers/local",
    action: "worker.manage",
    tag,
    summary: "How many worker processes this server keeps up",
    description:
      "More are started at once; of too many, the idle ones end first and the others finish what they run. Until the " +
      "next start of the server; AURAOS_WORKERS says how many it starts with.",
    body: { kind: "json", schema: w.localWorkersBody },
    reply: w.workerList,
  }),
  drainWorker: endpoint({
    method: "post",
    path: "/api/v1/workers/:id/drain",
    action: "worker.manage",
    tag,
    summary: "Let a worker finish what it runs, then end it",
    params,
    reply: w.workerList,
  }),
  removeWorker: endpoint({
    method: "delete",
    path: "/api/v1/workers/:id",
    action: "worker.manage",
    tag,
    summary: "End a worker now",
    description: "What it runs is issued again elsewhere; `once` activities become unknown outcomes.",
    params,
    status: 204,
  }),
};
