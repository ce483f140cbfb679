// Attempts count up one by one, and every outcome in the history is one that the world outside really gave to that
// attempt of that command.
import type { Fact } from "@auraos/kernel";
import type { ExecutionRecord } from "../world/history.ts";
import type { Evidence } from "./all.ts";

type Known = { attempt: number; isOpen: boolean; isRetrying: boolean; retryAt: number };

export function checkAttempts({ verdict, outside }: Evidence, record: ExecutionRecord): void {
  const commands = new Map<string, Known>();
  /** Runs whose result a person gave, or whose item was set aside before. */
  const parked = new Set<string>();
  const children = new Set<string>();
  let now = 0;

  const scheduled = (fact: Fact & { t: "ActivityScheduled" | "ChildScheduled" }): void => {
    const known = commands.get(fact.command);
    const isQuestion = fact.t === "ActivityScheduled" && fact.confirm === true;
    const expected =
      known === undefined ? 1 : isQuestion || known.isRetrying ? known.attempt : known.attempt + 1;
    const mayFollow = known === undefined || known.isRetrying || parked.has(fact.command);
    if (fact.attempt !== expected && !parked.has(fact.command))
      verdict.illegal(
        "attempt",
        `${record.id}: ${fact.command} is scheduled as attempt ${fact.attempt}, not ${expected}`,
      );
    else if (!mayFollow)
      verdict.duplicated(
        "attempt-twice",
        `${record.id}: ${fact.command} attempt ${fact.attempt} is scheduled again`,
      );
    if (known?.isRetrying && now < known.retryAt)
      verdict.illegal(
        "retry-early",
        `${record.id}: ${fact.command} is tried again at ${now}, before ${known.retryAt}`,
      );
    commands.set(fact.command, { attempt: fact.attempt, isOpen: true, isRetrying: false, retryAt: 0 });
  };
  const outcome = (command: string, attempt: number, isSuccess: boolean): void => {
    const known = commands.get(command);
    if (parked.has(command)) return;
    if (known !== undefined && known.attempt !== attempt)
      verdict.illegal(
        "wrong-attempt",
        `${record.id}: ${command} settles with attempt ${attempt} during attempt ${known.attempt}`,
      );
    if (!isSuccess || known === undefined) return;
    const reported = outside.reported.get(`${record.id} ${command}/${attempt}`);
    if (!reported?.has("succeeded") && !reported?.has("done"))
      verdict.illegal(
        "invented-outcome",
        `${record.id}: ${command} attempt ${attempt} succeeds, but nobody said so`,
      );
  };

  for (const turn of record.turns) {
    for (const fact of turn.facts) {
      switch (fact.t) {
        case "Now":
          now = fact.at;
          break;
        case "ActivityScheduled":
        case "ChildScheduled":
          scheduled(fact);
          if (fact.t === "ChildScheduled") children.add(fact.command);
          break;
        case "RetryScheduled":
        case "ConfirmScheduled": {
          const known = commands.get(fact.command);
          const attempt = fact.t === "RetryScheduled" ? fact.attempt : (known?.attempt ?? 1);
          if (fact.t === "RetryScheduled" && known && attempt !== known.attempt + 1)
            verdict.illegal(
              "attempt",
              `${record.id}: ${fact.command} goes from attempt ${known.attempt} to ${attempt}`,
            );
          commands.set(fact.command, { attempt, isOpen: true, isRetrying: true, retryAt: fact.at });
          break;
        }
        case "NodeParked":
          parked.add(commandOf(fact.run, fact.item));
          break;
        case "NodeFinished":
          if (fact.attempt === undefined || children.has(fact.run)) break;
          outcome(
            fact.run,
            fact.attempt,
            fact.handled === undefined && (fact.outputs ?? fact.changes) !== undefined,
          );
          break;
        case "ItemsSettled": {
          const handled = new Set(fact.handled?.map(([index]) => index));
          for (const [index, , attempt] of fact.results) {
            const command = commandOf(fact.run, index);
            if (!children.has(command)) outcome(command, attempt, !handled.has(index));
          }
          break;
        }
        case "ScopeOpened":
          // A compensation that is tried again begins anew.
          if (/#undo\d+\/$/.test(fact.scope))
            for (const command of [...commands.keys()])
              if (command.startsWith(fact.scope)) commands.delete(command);
      }
    }
  }
}

export function commandOf(run: string, item: number | undefined): string {
  return item === undefined ? run : `${run}:${item}`;
}
