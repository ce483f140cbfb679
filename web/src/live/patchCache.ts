// What the live stream says, written into the query cache: rows that are shown change where they stand, and what a turn
// cannot tell (a new row, a list of waits) is asked for again, at most once in a while. Turns are gathered for a moment,
// because a busy server commits thousands a second and a person reads ten.
import type { ExecutionSummary, LiveTurn } from "@auraos/contract";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { executionKeys } from "../api/executions.ts";
import type { ReplyOf } from "../api/request.ts";
import { type AskAgain, createAskAgain } from "./askAgain.ts";
import { type LiveMessage, subscribeLive } from "./liveConnection.ts";

type Page = ReplyOf<"get /api/v1/executions">;
type One = ReplyOf<"get /api/v1/executions/:id">;

const GATHER_MS = 100;
const RECENT_MAX = 1_000;
const ended = new Set(["succeeded", "failed", "cancelled", "terminated"]);

export function patchFromLive(client: QueryClient): () => void {
  let gathered: LiveTurn[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const [askAgain, forget] = createAskAgain(client);
  const flush = () => {
    timer = undefined;
    const turns = gathered;
    gathered = [];
    applyTurns(client, turns, askAgain);
  };
  const end = subscribeLive({ to: "all" }, (message: LiveMessage) => {
    if (message.type === "state") {
      // What was read before the stream began, or before it broke, may have missed turns.
      askAgain(executionKeys.all);
      return;
    }
    gathered.push(message.turn);
    timer ??= setTimeout(flush, GATHER_MS);
  });
  return () => {
    clearTimeout(timer);
    end();
    forget();
  };
}

export function applyTurns(client: QueryClient, turns: readonly LiveTurn[], askAgain: AskAgain): void {
  const last = new Map(turns.map((turn) => [turn.executionId, turn]));
  const begun = turns.filter(({ facts }) => facts.some(({ t }) => t === "ExecutionStarted"));
  for (const turn of last.values()) {
    client.setQueryData<One>(
      executionKeys.one(turn.executionId),
      (one) => one && { ...one, ...changed(one, turn) },
    );
  }
  client.setQueriesData<InfiniteData<Page>>({ queryKey: executionKeys.lists }, (data) =>
    data === undefined ? undefined : { ...data, pages: data.pages.map((page) => patchPage(page, last)) },
  );
  client.setQueryData<Page>(
    executionKeys.recent,
    (page) => page && withNew(patchPage(page, last), begun, last),
  );
  if (begun.length > 0) {
    askAgain(executionKeys.lists);
    askAgain(executionKeys.newestTests);
  }
  if (has(turns, "WaitOpened") || has(turns, "WaitClosed")) askAgain(executionKeys.waits);
  if (has(turns, "ExecutionFinished")) askAgain(["stats"]);
}

function patchPage(page: Page, last: ReadonlyMap<string, LiveTurn>): Page {
  if (!page.items.some(({ id }) => last.has(id))) return page;
  return {
    ...page,
    items: page.items.map((row) => {
      const turn = last.get(row.id);
      return turn ? { ...row, ...changed(row, turn) } : row;
    }),
  };
}

type Changing = Pick<ExecutionSummary, "status" | "startedAt" | "completedAt" | "durationMs">;

function changed(row: Changing, turn: LiveTurn): Omit<Changing, "startedAt"> {
  const { status, at } = turn;
  const isEnded = ended.has(status);
  return {
    status: isParked(row, turn) ? "parked" : status,
    completedAt: isEnded ? at : null,
    durationMs: isEnded ? Math.max(0, Date.parse(at) - Date.parse(row.startedAt)) : null,
  };
}

/** The engine says `waiting`; that it is a person's decision it waits for, the facts say. */
export function isParked({ status: before }: Pick<Changing, "status">, { status, facts }: LiveTurn): boolean {
  const last = facts.findLast(({ t }) => t === "NodeParked" || t === "ParkResolved");
  return status === "waiting" && (last === undefined ? before === "parked" : last.t === "NodeParked");
}

/** The bars of the workflow list need no more than a turn tells. */
function withNew(page: Page, begun: readonly LiveTurn[], last: ReadonlyMap<string, LiveTurn>): Page {
  const known = new Set(page.items.map(({ id }) => id));
  const rows = begun
    .filter(({ executionId }) => !known.has(executionId))
    .map((turn): ExecutionSummary => {
      const row = {
        id: turn.executionId,
        workflowId: turn.workflowId,
        workflowName: null,
        versionId: turn.workflowId,
        version: null,
        status: turn.status,
        mode: "production" as const,
        trigger: null,
        parentId: null,
        originId: null,
        startedAt: turn.at,
        completedAt: null,
        durationMs: null,
        error: null,
      };
      return { ...row, ...changed(row, last.get(turn.executionId) ?? turn) };
    });
  return rows.length === 0
    ? page
    : { ...page, items: [...rows.reverse(), ...page.items].slice(0, RECENT_MAX) };
}

function has(turns: readonly LiveTurn[], fact: string): boolean {
  return turns.some(({ facts }) => facts.some(({ t }) => t === fact));
}
