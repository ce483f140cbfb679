// Story after story from one seed, until so many executions have been played.
import { playStory } from "./story.ts";

export type Counts = {
  executions: number;
  crashes: number;
  lost: number;
  duplicated: number;
  illegal: number;
  seconds: number;
};

export type Figures = {
  stories: number;
  compared: number;
  /** Open executions at the moments of the crashes, added up. */
  interrupted: number;
  turns: number;
  events: number;
  calls: number;
  virtualMs: number;
};

export type RunOptions = {
  seed: string;
  executions: number;
  say: (line: string) => void;
  isVerbose?: boolean;
  /** Ends at the first story in which one of these rules is broken. */
  until?: readonly string[];
};

const SHOWN_MAX = 8;
/** Promises that nobody caught: an engine that leaves them would end its process. */
const unhandled: string[] = [];

export async function runSeed(
  options: RunOptions,
): Promise<{ counts: Counts; figures: Figures; isSound: boolean }> {
  const begun = performance.now();
  const counts: Counts = { executions: 0, crashes: 0, lost: 0, duplicated: 0, illegal: 0, seconds: 0 };
  const figures: Figures = {
    stories: 0,
    compared: 0,
    interrupted: 0,
    turns: 0,
    events: 0,
    calls: 0,
    virtualMs: 0,
  };
  let failing = 0;
  process.on("unhandledRejection", noteUnhandled);
  for (let story = 0; counts.executions < options.executions; story++) {
    const result = await playStory({ seed: `${options.seed}/${story}` });
    counts.executions += result.executions;
    counts.crashes += result.crashes;
    figures.stories++;
    for (const key of ["compared", "interrupted", "turns", "events", "calls", "virtualMs"] as const)
      figures[key] += result[key];
    for (const message of unhandled.splice(0))
      result.violations.push({ kind: "illegal", rule: "unhandled", message });
    for (const { kind } of result.violations) counts[kind]++;
    if (options.isVerbose) {
      options.say(`story ${story} faults ${result.faults}`);
      options.say(
        `story ${story}: ${result.executions} executions, ${result.crashes} crashes, ${result.events} events`,
      );
    }
    if (result.violations.length === 0) continue;
    if (failing++ < SHOWN_MAX) {
      options.say(`Reproduce: npm run sim -- --seed ${options.seed} --story ${story}`);
      for (const { kind, rule, message } of result.violations.slice(0, 5))
        options.say(`  ${kind} ${rule}: ${message}`);
    }
    const noticed = result.violations.find(({ rule }) => options.until?.includes(rule));
    if (noticed) {
      options.say(`Noticed: story ${story}: ${noticed.kind} ${noticed.rule}: ${noticed.message}`);
      break;
    }
  }
  process.off("unhandledRejection", noteUnhandled);
  counts.seconds = Math.round((performance.now() - begun) / 100) / 10;
  return { counts, figures, isSound: failing === 0 };
}

function noteUnhandled(error: unknown): void {
  unhandled.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
