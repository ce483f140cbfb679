// A wait closes once; a signal is consumed once; nothing a timer closes is closed before its time.
import type { ExecutionRecord } from "../world/history.ts";
import type { Evidence } from "./all.ts";

export function checkWaits({ verdict }: Evidence, record: ExecutionRecord): void {
  const waits = new Map<string, { isClosed: boolean; at: number | undefined; signal: string | undefined }>();
  const buffered = new Map<string, string>();
  const consumed = new Set<string>();
  let now = 0;
  for (const turn of record.turns) {
    for (const fact of turn.facts) {
      switch (fact.t) {
        case "Now":
          now = fact.at;
          break;
        case "WaitOpened":
          if (waits.has(fact.wait))
            verdict.duplicated("wait-twice", `${record.id}: wait ${fact.wait} opens twice`);
          waits.set(fact.wait, { isClosed: false, at: fact.at, signal: fact.signal });
          break;
        case "SignalBuffered":
          if (buffered.has(fact.id) || consumed.has(fact.id))
            verdict.duplicated("signal-twice", `${record.id}: signal ${fact.id} is taken twice`);
          buffered.set(fact.id, fact.name);
          for (const [id, wait] of waits)
            if (!wait.isClosed && wait.signal === fact.name)
              verdict.lost(
                "signal-unheard",
                `${record.id}: signal ${fact.id} is put aside while wait ${id} listens`,
              );
          break;
        case "WaitClosed": {
          const wait = waits.get(fact.wait);
          if (wait === undefined || wait.isClosed)
            verdict.duplicated(
              "wait-closed-twice",
              `${record.id}: wait ${fact.wait} closes, but is not open`,
            );
          else wait.isClosed = true;
          if (fact.by === "timer" && (wait?.at === undefined || now < wait.at))
            verdict.illegal(
              "timer-early",
              `${record.id}: wait ${fact.wait} runs out at ${now}, before ${wait?.at}`,
            );
          if (fact.signalId === undefined) break;
          if (consumed.has(fact.signalId))
            verdict.duplicated("signal-twice", `${record.id}: signal ${fact.signalId} is consumed twice`);
          consumed.add(fact.signalId);
          buffered.delete(fact.signalId);
        }
      }
    }
    for (const [id, wait] of waits)
      if (!wait.isClosed && wait.signal !== undefined && [...buffered.values()].includes(wait.signal))
        verdict.lost("signal-unheard", `${record.id}: wait ${id} opened although a signal for it was there`);
  }
}
