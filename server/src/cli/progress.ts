// What happens, while it happens: a line per node run on stderr. Ends with the execution.
import type { LiveTurn } from "@auraos/contract";
import { say } from "./command.ts";
import type { Api } from "./reach.ts";

export async function showProgress(api: Api, id: string, signal: AbortSignal): Promise<void> {
  try {
    for await (const { event, data } of api.events(`/api/v1/live?execution=${id}`, signal)) {
      if (event !== "turn") continue;
      for (const fact of (data as LiveTurn).facts) {
        const line = lineOf(fact);
        if (line !== undefined) say(line);
        if (fact.t === "ExecutionFinished") return;
      }
    }
  } catch {
    // Progress is a courtesy: the result comes another way.
  }
}

type Fact = LiveTurn["facts"][number];

function lineOf(fact: Fact): string | undefined {
  const run = fact.run ?? "";
  const failure = fact.failure as { message: string } | undefined;
  switch (fact.t) {
    case "NodeFinished":
      return `  done      ${run}`;
    case "NodeFailed":
      return `  failed    ${run}: ${failure?.message ?? ""}`;
    case "NodeParked":
      return `  parked    ${run}: ${failure?.message ?? ""} (a person decides: auraos executions retry)`;
    case "RetryScheduled":
      return `  retry     ${String(fact.command)}: ${failure?.message ?? ""}`;
    case "WaitOpened":
      return `  waiting   ${run} (${String(fact.kind)}${fact.title === undefined ? "" : `: ${String(fact.title)}`})`;
    case "ItemsStarted":
      return `  begins    ${run} (${String(fact.total)} items)`;
    default:
      return undefined;
  }
}
