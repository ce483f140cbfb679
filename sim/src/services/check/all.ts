// The checks of a finished story of the services. They are written from what is promised (docs/schedules.md, docs/events.md,
// docs/tasks.md, docs/guarantees.md) over tables, starts and answers, and ask no code of the product.
import type { Verdict } from "../../world/verdict.ts";
import type { Cluster } from "../cluster.ts";
import type { ServiceDatabase } from "../database.ts";
import type { EngineWorld } from "../engine.ts";
import type { People } from "../people.ts";
import type { StoryPlan } from "../plan.ts";
import type { Admitted } from "../story.ts";
import { checkEvents } from "./events.ts";
import { checkPools } from "./pools.ts";
import { checkSchedules } from "./schedules.ts";
import { checkTasks } from "./tasks.ts";

export type ServiceEvidence = {
  plan: StoryPlan;
  database: ServiceDatabase;
  verdict: Verdict;
  people: People;
  admitted: readonly Admitted[];
  engines: EngineWorld;
  cluster: Cluster;
  orgId: string;
  subscriptionIds: readonly string[];
  workflows: ReadonlyMap<string, string>;
  isQuiet: boolean;
  /** Statements could take very long. */
  wasSlow: boolean;
  /** From when on the rules of schedules and tasks were stopped, on the clock of the wall. */
  endedWallMs: number;
  /** Schedules that were paused at that moment because they failed. */
  pausedByItself: ReadonlyMap<string, PausedRow>;
};

/** What is due from `next_due` on still stands: a resume says what it gives up of it. */
export type PausedRow = { paused_at: Date; pause_reason: string; next_due: Date | null };

export async function checkServices(
  evidence: ServiceEvidence,
): Promise<{ fires: number; events: number; runs: number }> {
  const fires = await checkSchedules(evidence);
  const events = await checkEvents(evidence);
  const runs = await checkTasks(evidence);
  await checkPools(evidence);
  return { fires, events, runs };
}

export function hasClockSetBack({ plan }: ServiceEvidence): boolean {
  return plan.moments.some(({ do: deed }) => deed.kind === "jump" && deed.byMs < 0);
}

/** A process that stands still decides by the clock of a moment ago. */
export function hasStalls({ plan }: ServiceEvidence): boolean {
  return plan.moments.some(({ do: deed }) => deed.kind === "stall");
}
