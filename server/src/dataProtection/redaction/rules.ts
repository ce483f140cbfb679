// The rules of every organization in memory: each answer about an execution and each live message asks. A change in this
// process holds at once, in another one after FRESH_MS.
import type { Caller } from "../../platform/caller.ts";
import type { Pool } from "../../platform/db.ts";
import type { Log } from "../../platform/log.ts";
import { allRules, type RuleRow } from "./ruleStore.ts";

const FRESH_MS = 5_000;

type Held = Omit<RuleRow, "workflowName">;

export type Rules = {
  /** Rules that hide something of this workflow from this caller. */
  hiding(caller: Pick<Caller, "orgId" | "role">, workflowId: string): Held[];
  /** Something of some workflow is hidden from this caller. */
  hidesAny(caller: Pick<Caller, "orgId" | "role">): boolean;
  /** Something of this workflow is hidden from somebody. */
  isHidden(orgId: string, workflowId: string): boolean;
  reload(): Promise<void>;
  stop(): void;
};

export async function createRules({ journal, log }: { journal: Pool; log: Log }): Promise<Rules> {
  let byOrg = new Map<string, Held[]>();
  await reload();
  const timer = setInterval(
    () =>
      void reload().catch((error: unknown) => log("warn", "redaction rules could not be read", { error })),
    FRESH_MS,
  ).unref();
  return {
    hiding: ({ orgId, role }, workflowId) =>
      of(orgId, workflowId).filter(({ visibleTo }) => !visibleTo.includes(role)),
    hidesAny: ({ orgId, role }) =>
      (byOrg.get(orgId) ?? []).some(({ visibleTo }) => !visibleTo.includes(role)),
    isHidden: (orgId, workflowId) => of(orgId, workflowId).length > 0,
    reload,
    stop: () => clearInterval(timer),
  };

  function of(orgId: string, workflowId: string): Held[] {
    const rules = byOrg.get(orgId);
    return rules ? rules.filter((rule) => rule.workflowId === null || rule.workflowId === workflowId) : [];
  }

  async function reload(): Promise<void> {
    byOrg = Map.groupBy(await allRules(journal), ({ orgId }) => orgId);
  }
}
