// How an execution that is no longer in memory ended, and what it replied: read from its facts.
import { type ChildResult, childResult } from "./childResult.ts";
import type { EngineDeps, Settled } from "./engine.types.ts";
import { type BlobReader, decodeTurn } from "./payload.ts";
import { readSnapshot } from "./snapshot.ts";
import type { StoredExecution } from "./store.ts";

export type End = {
  replied?: Settled & { kind: "replied" };
  finished?: Settled & { kind: "finished" };
  result?: ChildResult;
};

export async function endOf(deps: Pick<EngineDeps, "payloads">, stored: StoredExecution): Promise<End> {
  const reader: BlobReader = { payloads: deps.payloads, known: new Map() };
  const end: End = {};
  if (stored.snapshot !== null) {
    const reply = (await readSnapshot(reader, stored.snapshot.body))?.state.reply;
    if (reply !== undefined) end.replied = { kind: "replied", ...reply };
  }
  for (const turn of stored.turns) {
    for (const fact of await decodeTurn(reader, turn.body)) {
      if (fact.t === "Replied") {
        const headers = fact.headers ? { headers: fact.headers } : {};
        end.replied = { kind: "replied", status: fact.status, ...headers, body: fact.body };
      } else if (fact.t === "ExecutionFinished") {
        const output = fact.output !== undefined ? { output: fact.output } : {};
        const failure = fact.failure ? { failure: fact.failure } : {};
        end.result = childResult(fact);
        end.finished = { kind: "finished", status: fact.status, ...output, ...failure };
      }
    }
  }
  return end;
}
