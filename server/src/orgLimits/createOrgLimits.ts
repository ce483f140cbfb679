// Limits of organizations as the engine asks for them, at every start and every turn: from memory, read again every few
// seconds (another server may have changed them) and after each change made here.
import type { OrgLimits } from "../engine/engine.types.ts";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { loadLimits, type StoredLimits } from "./store.ts";

const RELOAD_MS = 10_000;

export type OrganizationLimits = {
  of(orgId: string): Partial<OrgLimits> | undefined;
  reload(): Promise<void>;
  close(): void;
};

/** Throws when they cannot be read at first: without them somebody would have more than was granted. */
export async function createOrgLimits(journal: Pool, log: Log): Promise<OrganizationLimits> {
  let known = new Map<string, Partial<OrgLimits>>();
  async function reload(): Promise<void> {
    const rows = await loadLimits(journal);
    known = new Map(rows.map(({ orgId, limits }) => [orgId, limitsOf(limits)]));
  }
  await reload();
  const timer = setInterval(() => {
    reload().catch((error: unknown) =>
      log("warn", "the limits of organizations could not be read", { error }),
    );
  }, RELOAD_MS).unref();
  return { of: (orgId) => known.get(orgId), reload, close: () => clearInterval(timer) };
}

function limitsOf({ openExecutions, turnsPerSecond, bytesPerSecond }: StoredLimits): Partial<OrgLimits> {
  return {
    ...(openExecutions == null ? {} : { openExecutionsMax: openExecutions }),
    ...(turnsPerSecond == null ? {} : { turnsPerSecondMax: turnsPerSecond }),
    ...(bytesPerSecond == null ? {} : { bytesPerSecondMax: bytesPerSecond }),
  };
}
