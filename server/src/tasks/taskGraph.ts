// The graph of what hangs on what, as far as a page can show it: the newest tasks with dependencies and all that they
// hang on, and some that hang on nothing. What is left out is said.
import type { TaskGraph } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { type Edge, waysOf } from "./graph.ts";
import { type GraphTaskRow, type LinkRow, linkedOf, listLinks, newestTasks, tasksOf } from "./graphStore.ts";

const LINKS_MAX = 1_000;
/** Looked through for those that hang on nothing. */
const NEWEST_MAX = 500;
const ALONE_MAX = 100;

export async function taskGraph(deps: Pick<Deps, "api">, orgId: string): Promise<TaskGraph> {
  return withTenant(deps.api, orgId, async (tx) => {
    const found = await listLinks(tx, { orgId, limit: LINKS_MAX + 1 });
    const links = found.length > LINKS_MAX ? wholeTasks(found.slice(0, LINKS_MAX)) : found;
    const ids = new Set(links.flatMap(({ taskId, needsTaskId }) => [taskId, needsTaskId]));
    const linked = await tasksOf(tx, orgId, [...ids]);
    const newest = await newestTasks(tx, { orgId, limit: NEWEST_MAX + 1 });
    const looked = newest.slice(0, NEWEST_MAX);
    const others = await linkedOf(
      tx,
      orgId,
      looked.map(({ id }) => id),
    );
    const alone = looked.filter(({ id }) => !others.has(id));
    const areAll = newest.length <= NEWEST_MAX && alone.length <= ALONE_MAX && links === found;
    return graphView([...linked, ...alone.slice(0, ALONE_MAX)], links, areAll);
  });
}

/** Without the last one, whose links were cut off: a task is shown with all that it hangs on. */
function wholeTasks(links: readonly LinkRow[]): LinkRow[] {
  const last = links.at(-1)?.taskId;
  const whole = links.filter(({ taskId }) => taskId !== last);
  return whole.length > 0 ? whole : [...links];
}

function graphView(
  tasks: readonly GraphTaskRow[],
  links: readonly LinkRow[],
  isComplete: boolean,
): TaskGraph {
  const durations = new Map(tasks.map((row) => [row.id, durationOf(row)]));
  const edges = links.map(({ taskId, needsTaskId, on }) => ({ from: needsTaskId, to: taskId, on }));
  const ways = waysOf([...durations.keys()], edges satisfies Edge[], (id) => durations.get(id) ?? 60_000);
  return {
    tasks: tasks.map((row) => ({
      ...{ id: row.id, name: row.name, status: row.status, paused: row.paused },
      ...{ level: ways.levels.get(row.id) ?? 0, isCritical: ways.critical.has(row.id) },
      durationMs: durations.get(row.id) ?? null,
    })),
    edges,
    isComplete,
  };
}

function durationOf(row: GraphTaskRow): number | undefined {
  if (row.measuredMs !== null) return Number(row.measuredMs);
  const { estimatedSeconds } = JSON.parse(row.settings) as { estimatedSeconds?: number };
  return estimatedSeconds === undefined ? undefined : estimatedSeconds * 1000;
}
