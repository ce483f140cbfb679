// Which worker a task goes to (W3), and why there is none.
import type { Failure } from "@auraos/kernel";
import { noWorker } from "./failures.ts";
import type { PoolWorker, Task } from "./pool.types.ts";

type Workers = Iterable<PoolWorker>;

export function isFree(worker: PoolWorker): boolean {
  return worker.state === "ready" && worker.running.size < worker.about.concurrency;
}

/** The one with the smallest share of its places taken. */
export function chooseFor(workers: Workers, { activity, about }: Task): PoolWorker | undefined {
  let best: PoolWorker | undefined;
  for (const worker of workers) {
    if (!isFree(worker) || !worker.nodeTypes.has(activity.nodeType)) continue;
    if (!serves(worker, about.orgId)) continue;
    const fits =
      activity.worker === undefined ? worker.labels.size === 0 : worker.labels.has(activity.worker);
    if (fits && (best === undefined || load(worker) < load(best))) best = worker;
  }
  return best;
}

export function whyNone(workers: Workers, { activity, about }: Task): Failure {
  const { worker: label, nodeType } = activity;
  const own = [...workers].filter((worker) => serves(worker, about.orgId));
  const labelled = own.filter(({ labels }) => label !== undefined && labels.has(label));
  const isUnknown = labelled.length > 0 && labelled.every(({ nodeTypes }) => !nodeTypes.has(nodeType));
  return noWorker(label, isUnknown ? nodeType : undefined);
}

/** Workers of another organization are as good as not there. */
function serves({ orgId }: PoolWorker, wanted: string): boolean {
  return orgId === null || orgId === wanted;
}

function load(worker: PoolWorker): number {
  return worker.running.size / worker.about.concurrency;
}
