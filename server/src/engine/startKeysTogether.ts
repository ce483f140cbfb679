// A thousand schedules that are due at once ask for their start keys in a few queries, not in a thousand.
import { createBatches } from "../platform/batches.ts";
import type { Store } from "./store.ts";

type Find = Store["findStartKeys"];

export function startKeysTogether(find: Find): Find {
  const lookups = createBatches((asked: readonly Parameters<Find>[0][]) => find(asked.flat()), { max: 500 });
  return async (keys) => {
    const rows = await lookups.put(keys);
    const isSame = (row: (typeof rows)[number], key: (typeof keys)[number]) =>
      row.key === key.key &&
      row.workflowId === key.workflowId &&
      row.envId === key.envId &&
      row.orgId === key.orgId;
    return keys.flatMap((key) => rows.find((row) => isSame(row, key)) ?? []);
  };
}
