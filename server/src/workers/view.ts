// Workers as their page shows them. What a worker does for other organizations is a number, nothing more.
import type { WorkerList, WorkerState } from "@auraos/contract";
import type { PoolWorker, Task } from "./pool.types.ts";
import type { Workers } from "./workers.ts";

export function workerList({ pool, local }: Workers, orgId: string): WorkerList {
  return {
    items: pool
      .list()
      .filter((worker) => worker.orgId === null || worker.orgId === orgId)
      .map((worker) => view(worker, orgId))
      .sort((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name, "en", { numeric: true })),
    local: local.count(),
    waiting: pool.waiting(),
    lost: pool.lost(),
  };
}

function view(worker: PoolWorker, orgId: string): WorkerList["items"][number] {
  const { name, labels, version, host, pid, concurrency } = worker.about;
  const { id, kind, completed, failed, memoryBytes, cpuPercent } = worker;
  const tasks = [...worker.running.values()];
  return {
    id,
    kind,
    name,
    labels,
    state: stateOf(worker),
    version,
    host,
    pid,
    concurrency,
    running: tasks.filter(({ about }) => about.orgId === orgId).map(running),
    busy: tasks.length,
    completed,
    failed,
    memoryBytes,
    cpuPercent,
    connectedAt: new Date(worker.joinedMs).toISOString(),
    lastHeartbeatAt: new Date(worker.heardMs).toISOString(),
  };
}

function running({ activity, about, sinceMs }: Task): WorkerList["items"][number]["running"][number] {
  const { executionId, workflowId } = about;
  const { node, nodeType, attempt } = activity;
  return { executionId, workflowId, node, nodeType, attempt, since: new Date(sinceMs).toISOString() };
}

function stateOf({ state }: PoolWorker): WorkerState {
  return state === "gone" ? "lost" : state;
}
