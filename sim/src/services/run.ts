// Stories of the services, one after the other, until so many executions have been started by themselves.
import { openServiceDatabase } from "./database.ts";
import { playServices, type ServiceStory } from "./story.ts";

export type ServiceCounts = {
  executions: number;
  crashes: number;
  lost: number;
  duplicated: number;
  illegal: number;
  seconds: number;
};

export type ServiceFigures = {
  stories: number;
  fires: number;
  events: number;
  runs: number;
  takeovers: number;
  statements: number;
  virtualMs: number;
};

export type ServiceOptions = {
  seed: string;
  executions: number;
  say: (line: string) => void;
  isVerbose?: boolean;
  /** Ends at the first story in which one of these rules is broken. */
  until?: readonly string[];
};

const SHOWN_MAX = 8;

export async function runServices(
  options: ServiceOptions,
): Promise<{ counts: ServiceCounts; figures: ServiceFigures; isSound: boolean }> {
  const begun = performance.now();
  const counts: ServiceCounts = { executions: 0, crashes: 0, lost: 0, duplicated: 0, illegal: 0, seconds: 0 };
  const figures: ServiceFigures = {
    stories: 0,
    fires: 0,
    events: 0,
    runs: 0,
    takeovers: 0,
    statements: 0,
    virtualMs: 0,
  };
  const unhandled: string[] = [];
  const note = (error: unknown): void =>
    void unhandled.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.on("unhandledRejection", note);
  const database = await openServiceDatabase();
  let failing = 0;
  try {
    for (let story = 0; counts.executions < options.executions; story++) {
      const result = await playServices(database, { seed: `${options.seed}/${story}` });
      for (const message of unhandled.splice(0))
        result.violations.push({ kind: "illegal", rule: "unhandled", message });
      add(counts, figures, result);
      if (options.isVerbose)
        options.say(
          `story ${story}: ${result.executions} executions, ${result.crashes} crashes, ${result.statements} statements`,
        );
      if (result.violations.length === 0) continue;
      if (failing++ < SHOWN_MAX) {
        options.say(`Reproduce: npm run sim -- --services --seed ${options.seed} --story ${story}`);
        for (const { kind, rule, message } of result.violations.slice(0, 5))
          options.say(`  ${kind} ${rule}: ${message}`);
      }
      const noticed = result.violations.find(({ rule }) => options.until?.includes(rule));
      if (noticed) {
        options.say(`Noticed: story ${story}: ${noticed.kind} ${noticed.rule}: ${noticed.message}`);
        break;
      }
    }
  } finally {
    process.off("unhandledRejection", note);
    await database.close();
  }
  counts.seconds = Math.round((performance.now() - begun) / 100) / 10;
  return { counts, figures, isSound: failing === 0 };
}

/** One story with its whole log. */
export async function showServices(seed: string, say: (line: string) => void): Promise<boolean> {
  const database = await openServiceDatabase();
  try {
    const { violations } = await playServices(database, { seed, hasLog: true, onLine: say });
    return violations.length === 0;
  } finally {
    await database.close();
  }
}

function add(counts: ServiceCounts, figures: ServiceFigures, result: ServiceStory): void {
  counts.executions += result.executions;
  counts.crashes += result.crashes;
  for (const { kind } of result.violations) counts[kind]++;
  figures.stories++;
  for (const key of ["fires", "events", "runs", "takeovers", "statements", "virtualMs"] as const)
    figures[key] += result[key];
}
