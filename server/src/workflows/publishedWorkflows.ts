// What is in service: the published version of a workflow by id or name, from memory on the hot path.
// Publishing in this process forgets at once; another process is noticed after FRESH_MS.
import type { Pool } from "../platform/db.ts";
import { findPublished } from "./store.ts";

const FRESH_MS = 2_000;
const KEPT_MAX = 10_000;

export type PublishedWorkflow = { workflowId: string; workflowName: string; versionId: string };

export type PublishedWorkflows = {
  /** `workflow` is an id or a name; of several with one name, the one published last. */
  find(orgId: string, workflow: string): Promise<PublishedWorkflow | undefined>;
  forget(): void;
};

export function createPublishedWorkflows(options: {
  journal: Pool;
  nowMs: () => number;
}): PublishedWorkflows {
  const known = new Map<string, { row: PublishedWorkflow; untilMs: number }>();
  return {
    async find(orgId, workflow) {
      const key = `${orgId} ${workflow}`;
      const now = options.nowMs();
      const found = known.get(key);
      if (found && found.untilMs > now) return found.row;
      const row = await findPublished(options.journal, orgId, workflow);
      if (!row) {
        known.delete(key);
        return undefined;
      }
      if (known.size >= KEPT_MAX) known.clear();
      known.set(key, { row, untilMs: now + FRESH_MS });
      return row;
    },
    forget: () => known.clear(),
  };
}
