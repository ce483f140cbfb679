// Does one thing to many executions, a few at a time, and keeps what came of each.
import type { ExecutionSummary } from "@auraos/contract";
import { useState } from "react";
import { request } from "../../api/request.ts";

export type BulkAction = "cancel" | "retry";
export type BulkResult = { row: ExecutionSummary; startedId?: string; error?: unknown };
export type BulkState = { action: BulkAction; total: number; results: readonly BulkResult[] };

const AT_ONCE = 4;

export function useBulkControl() {
  const [state, setState] = useState<BulkState>({ action: "cancel", total: 0, results: [] });
  const run = async (action: BulkAction, rows: readonly ExecutionSummary[]) => {
    setState({ action, total: rows.length, results: [] });
    const left = [...rows];
    const worker = async () => {
      for (let row = left.shift(); row; row = left.shift()) {
        const result = await doOne(action, row);
        setState((before) => ({ ...before, results: [...before.results, result] }));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  return { state, run };
}

async function doOne(action: BulkAction, row: ExecutionSummary): Promise<BulkResult> {
  try {
    const { id } = await request(`post /api/v1/executions/:id/${action}` as const, {
      params: { id: row.id },
    });
    return action === "retry" ? { row, startedId: id } : { row };
  } catch (error) {
    return { row, error };
  }
}
