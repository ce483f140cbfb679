// Turns count from 1 without a gap, time never goes back, an execution starts once and nothing follows its end; and
// the store gives back what was committed.
import type { ExecutionRecord } from "../world/history.ts";
import type { Evidence } from "./all.ts";

export function checkSequence({ verdict, database }: Evidence, record: ExecutionRecord): void {
  let at = 0;
  let starts = 0;
  let hasEnded = false;
  let replies = 0;
  record.turns.forEach((turn, index) => {
    if (turn.seq !== index + 1)
      verdict.illegal("gap", `${record.id}: turn ${turn.seq} stands where ${index + 1} belongs`);
    if (turn.facts[0]?.t !== "Now")
      verdict.illegal("no-clock", `${record.id}: turn ${turn.seq} has no clock`);
    for (const fact of turn.facts) {
      if (hasEnded)
        verdict.illegal("after-end", `${record.id}: ${fact.t} after the end, in turn ${turn.seq}`);
      if (fact.t === "Now") {
        if (fact.at < at)
          verdict.illegal("clock-back", `${record.id}: the clock goes back in turn ${turn.seq}`);
        at = fact.at;
      }
      if (fact.t === "ExecutionStarted" && ++starts > 1)
        verdict.duplicated("started-twice", `${record.id} starts again in turn ${turn.seq}`);
      if (fact.t === "Replied" && ++replies > 1)
        verdict.duplicated("replied-twice", `${record.id} replies again in turn ${turn.seq}`);
      if (fact.t === "ExecutionFinished") {
        if (hasEnded) verdict.duplicated("ended-twice", `${record.id} ends again in turn ${turn.seq}`);
        hasEnded = true;
      }
    }
  });
  if (starts === 0) verdict.illegal("no-start", `${record.id} has no start`);
  const kept = database.store.tables.executions.get(record.id);
  if (kept?.turns.length !== record.turns.length)
    verdict.lost(
      "store-forgot",
      `${record.id}: the store holds ${kept?.turns.length ?? 0} of ${record.turns.length} turns`,
    );
  if (record.end !== null && kept?.status !== record.end.status)
    verdict.illegal(
      "row-differs",
      `${record.id}: its row says ${kept?.status}, its history ${record.end.status}`,
    );
}
