// The registered addresses in memory: a request finds its workflow without asking the database.
// Publishing in this process reloads what it changed; other processes are followed by a slow poll.
import type { Pool } from "../platform/db.ts";
import { type HookRow, listHooks } from "./store.ts";

export type HookTable = {
  /** The hook, or the methods that the path knows instead; nothing = unknown path. */
  find(path: string, method: string): { hook: HookRow } | { methods: string[] } | undefined;
  /** One workflow; all of them without an id. */
  reload(workflowId?: string): Promise<void>;
  size(): number;
};

export function createHookTable(journal: Pool): HookTable {
  let byPath = new Map<string, Map<string, HookRow>>();
  return { find, reload, size: () => byPath.size };

  function find(path: string, method: string): { hook: HookRow } | { methods: string[] } | undefined {
    const methods = byPath.get(path);
    if (!methods) return undefined;
    const hook = methods.get(method);
    return hook ? { hook } : { methods: [...methods.keys()] };
  }

  async function reload(workflowId?: string): Promise<void> {
    const rows = await listHooks(journal, workflowId ?? null);
    if (workflowId === undefined) {
      byPath = new Map();
    } else {
      for (const [path, methods] of byPath) {
        for (const [method, hook] of methods) if (hook.workflowId === workflowId) methods.delete(method);
        if (methods.size === 0) byPath.delete(path);
      }
    }
    for (const row of rows) {
      const methods = byPath.get(row.path) ?? new Map<string, HookRow>();
      methods.set(row.method, row);
      byPath.set(row.path, methods);
    }
  }
}
