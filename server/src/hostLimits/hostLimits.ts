// The limits of all organizations, for hosts and for connections, kept in memory: read at the start, after each change here, and now and then, because
// another server of the installation may change them too.
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { createHostLimiter, type HostLimiter } from "./limiter.ts";
import { allLimits } from "./store.ts";

export type HostLimits = { limiter: HostLimiter; reload(): Promise<void>; close(): void };

const RELOAD_MS = 15_000;

export async function createHostLimits(journal: Pool, log: Log): Promise<HostLimits> {
  const limiter = createHostLimiter();
  const reload = async () => limiter.set(await allLimits(journal));
  await reload();
  const timer = setInterval(() => {
    reload().catch((error: unknown) =>
      log("warn", "limits of hosts and connections could not be read", { error }),
    );
  }, RELOAD_MS).unref();
  return { limiter, reload, close: () => clearInterval(timer) };
}
