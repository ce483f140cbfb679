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
  /** Whoever comes while it is being read waits for that: a hundred callers asked a hundred times, every two seconds. */
  const reading = new Map<string, Promise<PublishedWorkflow | undefined>>();

  async function read(key: string, orgId: string, workflow: string): Promise<PublishedWorkflow | undefined> {
    const now = options.nowMs();
    const mine = findPublished(options.journal, orgId, workflow);
    reading.set(key, mine);
    try {
      const row = await mine;
      // Forgotten in the meantime: what was read may be from before.
      if (reading.get(key) !== mine) return row;
      if (known.size >= KEPT_MAX) known.clear();
      if (row) known.set(key, { row, untilMs: now + FRESH_MS });
      else known.delete(key);
      return row;
    } finally {
      if (reading.get(key) === mine) reading.delete(key);
    }
  }

  return {
    async find(orgId, workflow) {
      const key = `${orgId} ${workflow}`;
      const found = known.get(key);
      if (found && found.untilMs > options.nowMs()) return found.row;
      return reading.get(key) ?? read(key, orgId, workflow);
    },
    forget() {
      known.clear();
      reading.clear();
    },
  };
}
