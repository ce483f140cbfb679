// Everything due by the recorded clock: the execution's own time limit, retries, confirmations, waits, escalations.
import { ROOT } from "../paths.ts";
import type { OpenCommand, OpenWait } from "../state.ts";
import { reissue } from "./activity.ts";
import { endScope } from "./ending.ts";
import type { Turn } from "./turn.ts";
import { waitEscalated, waitExpired } from "./wait.ts";

export function fireTimers(turn: Turn): void {
  const { state } = turn;
  if (state.timeoutAt !== undefined && state.timeoutAt <= turn.nowMs && !state.scopes[ROOT]?.ending) {
    const limit = turn.program.definition.settings?.timeoutMs;
    endScope(turn, ROOT, {
      kind: "failed",
      failure: {
        code: "EXECUTION_TIMEOUT",
        class: "timeout",
        message: `The execution took longer than its limit of ${limit} ms.`,
        remedy: "Raise `settings.timeoutMs`, or shorten the waits.",
      },
    });
  }
  for (const id of Object.keys(state.waits)) {
    const wait = state.waits[id] as OpenWait | undefined;
    if (!wait || turn.isClosed) continue;
    if (wait.at !== undefined && wait.at <= turn.nowMs) waitExpired(turn, id, wait);
    else if (wait.escalateAt !== undefined && wait.escalateAt <= turn.nowMs) waitEscalated(turn, id, wait);
  }
  if (state.paused) return;
  for (const id of Object.keys(state.commands)) {
    const command = state.commands[id] as OpenCommand | undefined;
    if (command?.status === "retrying" && (command.retryAt as number) <= turn.nowMs && !turn.isClosed)
      reissue(turn, id);
  }
}
