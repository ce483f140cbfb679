// Clients that start executions while everything is killed under them. A start that was not answered is tried again
// under the same key until it is: from the first answer on, the execution may not be lost.
import { setTimeout as delay } from "node:timers/promises";
import type { Victim } from "./victim.ts";
import type { Story } from "./workflows.ts";

export type Accepted = { id: number; executionId: string; story: Story };

export type Clients = {
  accepted: Accepted[];
  /** Nothing new; returns when every start was answered. */
  finish(): Promise<void>;
};

const CLIENTS = 6;
const PAUSE_MS = 120;

export function startClients(victim: Victim, stories: readonly Story[], count = CLIENTS): Clients {
  const accepted: Accepted[] = [];
  let next = 1;
  let isOver = false;

  async function client(): Promise<void> {
    while (!isOver) {
      const id = next++;
      const story = stories[id % stories.length] as Story;
      const executionId = await startUntilAnswered(victim, story, id);
      accepted.push({ id, executionId, story });
      await delay(PAUSE_MS);
    }
  }

  const working = Promise.all(Array.from({ length: count }, client));
  return {
    accepted,
    finish: async () => {
      isOver = true;
      await working;
    },
  };
}

export async function startUntilAnswered(victim: Victim, story: Story, id: number): Promise<string> {
  const path = `/api/v1/workflows/${encodeURIComponent(story.definition.name)}/execute`;
  for (;;) {
    const reply = await victim.call("POST", path, story.input(id), { "idempotency-key": `start-${id}` });
    if (reply?.status === 202 || reply?.status === 200) return (reply.json as { id: string }).id;
    // 503: not leading yet, or the database is away.
    if (reply !== undefined && reply.status !== 503 && reply.status !== 500)
      throw new Error(`start ${id} was refused: ${reply.status} ${JSON.stringify(reply.json)}`);
    await delay(50);
  }
}
