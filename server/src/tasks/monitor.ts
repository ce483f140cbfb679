// Who watches which task: monitorTask. The runner says that something happened to a run; each watcher reads it as the
// table has it, one reading at a time, so that a slow one gets fewer and never older pictures.
import type { TaskRun } from "@auraos/contract";
import type { Response } from "express";
import type { Deps } from "../deps.ts";
import { hiddenRun } from "../executions/hiddenFields.ts";
import type { Caller } from "../platform/caller.ts";
import { withTenant } from "../platform/db.ts";
import { findRun, listRuns } from "./runStore.ts";
import { runView } from "./view.ts";

const HEARTBEAT_MS = 15_000;
/** What another process wrote is seen too. */
const LOOK_MS = 2_000;

export type Change = { orgId: string; taskId: string; runId: string };
export type TaskMonitor = {
  publish(change: Change): void;
  watch(orgId: string, taskId: string, onChange: (runId: string) => void): () => void;
};

export function createTaskMonitor(): TaskMonitor {
  const watchers = new Map<string, Set<(runId: string) => void>>();
  const keyOf = (orgId: string, taskId: string) => `${orgId} ${taskId}`;
  return {
    publish({ orgId, taskId, runId }) {
      for (const watcher of watchers.get(keyOf(orgId, taskId)) ?? []) watcher(runId);
    },
    watch(orgId, taskId, onChange) {
      const key = keyOf(orgId, taskId);
      const own = watchers.get(key) ?? new Set();
      watchers.set(key, own.add(onChange));
      return () => {
        own.delete(onChange);
        if (own.size === 0) watchers.delete(key);
      };
    },
  };
}

export async function streamTask(
  deps: Deps,
  about: { caller: Caller; taskId: string },
  response: Response,
): Promise<void> {
  const { caller, taskId } = about;
  const { orgId } = caller;
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-accel-buffering": "no",
  });
  response.flushHeaders();
  const asked = new Set<string>();
  const percents = new Map<string, number>();
  const sent = new Map<string, string>();
  let isReading = false;
  const say = (run: TaskRun) => {
    // Pictures of one run come in order, and its percent only grows.
    const percent = Math.max(percents.get(run.id) ?? 0, run.percent);
    percents.set(run.id, percent);
    const data = JSON.stringify({ ...run, percent });
    const { remainingMs: _moves, ...rest } = run;
    const picture = JSON.stringify(rest);
    if (sent.get(run.id) === picture) return;
    sent.set(run.id, picture);
    response.write(`event: run\nid: ${run.id}\ndata: ${data}\n\n`);
  };
  const read = async () => {
    if (isReading) return;
    isReading = true;
    try {
      while (asked.size > 0 && !response.writableEnded) {
        const ids = [...asked];
        asked.clear();
        const rows = await withTenant(deps.api, orgId, async (tx) => {
          const found = [];
          for (const id of ids)
            found.push(id === "open" ? await current(tx) : [await findRun(tx, orgId, id)]);
          return found.flat();
        });
        for (const row of rows) if (row) say(await hiddenRun(deps, caller, runView(row, deps.nowMs())));
      }
    } catch (error) {
      deps.log("warn", "a task that is watched could not be read", { task: taskId, error });
    } finally {
      isReading = false;
    }
  };
  const current = async (tx: Parameters<typeof findRun>[0]) => {
    const query = { orgId, task: taskId, flow: null, status: null, before: null };
    const open = await listRuns(tx, { ...query, isOpen: true, limit: 100 });
    const known = [...sent.keys()].filter((id) => !open.some((run) => run.id === id)).slice(-20);
    const ended = await Promise.all(known.map((id) => findRun(tx, orgId, id)));
    const shown = [...open, ...ended.filter((run) => run !== undefined)];
    return shown.length > 0 ? shown : listRuns(tx, { ...query, isOpen: false, limit: 1 });
  };
  const ask = (id: string) => {
    asked.add(id);
    void read();
  };
  const end = deps.taskMonitor.watch(orgId, taskId, ask);
  const heartbeat = setInterval(() => response.write(": alive\n\n"), HEARTBEAT_MS);
  const look = setInterval(() => ask("open"), LOOK_MS);
  const finish = () => response.end();
  deps.draining.addEventListener("abort", finish);
  try {
    ask("open");
    if (deps.draining.aborted) finish();
    await new Promise<void>((resolve) => response.on("close", resolve));
  } finally {
    end();
    clearInterval(heartbeat);
    clearInterval(look);
    deps.draining.removeEventListener("abort", finish);
    response.end();
  }
}
