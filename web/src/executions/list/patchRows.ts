// Rows that are shown change where they stand, by what the live stream says; pages without a changed row stay the same
// objects, so that only changed rows are drawn.
import type { ExecutionSummary, LiveTurn } from "@auraos/contract";
import { isParked } from "../../live/patchCache.ts";
import { isOpen } from "../executionCan.ts";
import type { Rows } from "./mergeHead.ts";

export function patchRows(rows: Rows, turns: readonly LiveTurn[]): Rows {
  const last = new Map(turns.map((turn) => [turn.executionId, turn]));
  let isSame = true;
  const pages = rows.pages.map((page) => {
    if (!page.items.some(({ id }) => last.has(id))) return page;
    isSame = false;
    return { ...page, items: page.items.map((row) => patchRow(row, last.get(row.id))) };
  });
  return isSame ? rows : { ...rows, pages };
}

function patchRow(row: ExecutionSummary, turn: LiveTurn | undefined): ExecutionSummary {
  if (!turn) return row;
  const { status, at } = turn;
  if (isOpen({ status }))
    return { ...row, status: isParked(row, turn) ? "parked" : status, completedAt: null, durationMs: null };
  const failure = failureIn(turn);
  const durationMs = Math.max(0, Date.parse(at) - Date.parse(row.startedAt));
  return { ...row, status, completedAt: at, durationMs, error: failure ?? row.error };
}

function failureIn({ facts }: LiveTurn): ExecutionSummary["error"] {
  const failure = facts.find(({ t }) => t === "ExecutionFinished")?.failure;
  if (typeof failure !== "object" || failure === null) return null;
  const { code, message } = failure as { code?: unknown; message?: unknown };
  return { code: String(code ?? ""), message: String(message ?? "") };
}
