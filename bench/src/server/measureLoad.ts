// One load on a server: what it answered and what it cost, the load itself apart.
import { type LoadJob, type LoadResult, startLoad } from "../http/load.ts";
import { cpuSeconds, machineBusySeconds } from "../measure/processes.ts";
import { HEADERS, type Server } from "./startServer.ts";

export type Measured = LoadResult & {
  perSecond: number;
  /** Processor seconds of engine and database. */
  cpu: { server: number; database: number; total: number };
  /** Cores used by others meanwhile. */
  others: number;
};

export async function measureLoad(server: Server, job: Omit<LoadJob, "port" | "headers">): Promise<Measured> {
  const read = () => ({
    all: cpuSeconds([server.pid, server.databasePid]),
    database: cpuSeconds([server.databasePid]),
    busy: machineBusySeconds(),
  });
  const before = read();
  const load = startLoad({ ...job, port: server.port, headers: HEADERS });
  const result = await load.result;
  const after = read();
  if (result.ok === 0) throw new Error(`no request was answered: ${result.failure ?? "no reason given"}`);
  const total = after.all - before.all;
  const database = after.database - before.database;
  const others = (after.busy - before.busy - total - result.cpuSeconds) / result.seconds;
  return {
    ...result,
    perSecond: result.ok / result.seconds,
    cpu: { server: total - database, database, total },
    others: Math.max(0, others),
  };
}
