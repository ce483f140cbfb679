// The people of the proof: they approve, send the signals, and decide about payments whose outcome nobody recorded,
// by asking the bank. Started once; an answer that a kill swallowed is given again.
import { setTimeout as delay } from "node:timers/promises";
import type { Recorder } from "./recorder.ts";
import type { Victim } from "./victim.ts";
import { SIGNAL } from "./workflows.ts";

const PAYMENTS = "/api/v1/executions?workflow=kill%20once&status=running,waiting,parked&limit=100";

type Page<T> = { items: T[] };
type OpenWait = { executionId: string; wait: string; kind: string };
type Execution = { id: string; input: { id: number }; parked: { run: string; item?: number }[] };

/** Until `stop` is aborted. `decided` counts what had to be decided by hand. */
export async function keepAnswering(
  victim: Victim,
  recorder: Recorder,
  stop: AbortSignal,
): Promise<{ decided: number }> {
  let decided = 0;
  const list = async <T>(path: string): Promise<T[]> =>
    ((await victim.call("GET", path))?.json as Page<T> | undefined)?.items ?? [];
  while (!stop.aborted) {
    for (const { executionId, wait, kind } of await list<OpenWait>("/api/v1/waits?limit=100")) {
      const path = `/api/v1/executions/${executionId}`;
      if (kind === "approval") await victim.call("POST", `${path}/waits/${wait}`, { decision: "approve" });
      if (kind === "signal") await signal(victim, executionId);
    }
    for (const { id } of await list<{ id: string }>(PAYMENTS)) {
      const shown = (await victim.call("GET", `/api/v1/executions/${id}`))?.json as Execution | undefined;
      for (const { run, item } of shown?.parked ?? []) {
        const answer = await victim.call("POST", `/api/v1/executions/${id}/parked`, {
          run,
          ...(item === undefined ? {} : { item }),
          ...whatTheBankSays(recorder, (shown as Execution).input.id),
        });
        if (answer !== undefined && answer.status < 300) decided += 1;
      }
    }
    await delay(150);
  }
  return { decided };
}

/** The payload is a function of the execution, the id of the signal too: however often it is sent, it is one. */
async function signal(victim: Victim, executionId: string): Promise<void> {
  const path = `/api/v1/executions/${executionId}`;
  const { input } = ((await victim.call("GET", path))?.json ?? {}) as { input?: { id: number } };
  if (input === undefined) return;
  await victim.call("POST", `${path}/signal`, {
    name: SIGNAL,
    id: `go-${input.id}`,
    payload: { value: 1_000_000 + input.id },
  });
}

function whatTheBankSays(recorder: Recorder, id: number) {
  const hasPaid = recorder.calls.has(`/pay/${id}`);
  return hasPaid ? { action: "output", output: { id: String(id), value: id + 1 } } : { action: "retry" };
}
