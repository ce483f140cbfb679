// Routes of workers.
import { endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { notFound } from "../platform/errors.ts";
import { type Caller, type Route, route } from "../platform/http.ts";
import type { PoolWorker } from "./pool.types.ts";
import { workerList } from "./view.ts";

export function workerRoutes(deps: Deps): Route[] {
  const { workers } = deps;
  return [
    route(endpoints.listWorkers, ({ caller }) => ({ json: workerList(workers, caller.orgId) })),
    route(endpoints.setLocalWorkers, ({ body, caller }) => {
      workers.local.set(body.count);
      return { json: workerList(workers, caller.orgId) };
    }),
    route(endpoints.drainWorker, ({ params, caller }) => {
      const worker = find(deps, caller, params.id);
      if (worker.kind === "local") workers.local.drain(worker);
      else workers.pool.drain(worker);
      return { json: workerList(workers, caller.orgId) };
    }),
    route(endpoints.removeWorker, ({ params, caller }) => {
      const worker = find(deps, caller, params.id);
      if (worker.kind === "local") workers.local.remove(worker);
      else {
        worker.channel.kill();
        workers.pool.leave(worker);
      }
      return { empty: true };
    }),
  ];
}

function find({ workers }: Deps, caller: Caller, id: string): PoolWorker {
  const worker = workers.pool.find(id);
  if (worker === undefined || (worker.orgId !== null && worker.orgId !== caller.orgId))
    throw notFound("worker with this id", "GET /api/v1/workers lists those there are.");
  return worker;
}
