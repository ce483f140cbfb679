// Real kills: the product as it is started by everybody, real PostgreSQL, real HTTP, SIGKILL at random moments, and
// nothing may be lost, done twice or illegal afterwards. What is killed and when follows from the seed; what the server
// was just doing then does not, so a failing seed is a hint and not a replay (the simulation gives those).
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../random.ts";
import { startClients } from "./clients.ts";
import { keepAnswering } from "./people.ts";
import { startRecorder } from "./recorder.ts";
import { countOpen, judge, type Verdict } from "./verdict.ts";
import { createVictim, type Target, type Victim } from "./victim.ts";
import { withDataDir } from "./withDataDir.ts";
import { storiesOf } from "./workflows.ts";

export type KillOptions = {
  seed?: string;
  /** One line per kill, and the result. */
  say?: (line: string) => void;
  /** How long nothing may end after the last kill before it is taken for lost. */
  settleMs?: number;
};

export type KillResult = Verdict & {
  seed: string;
  kills: number;
  byTarget: Record<Target, number>;
  accepted: number;
  /** Effects that had been sent and not recorded, and were sent again under their key. */
  repeatedEffects: number;
  /** Unknown outcomes of `once` effects that a person decided. */
  decided: number;
  /** Starts that ended by themselves because their database was killed under them. */
  gaveUp: number;
  recoveryMsMax: number;
  seconds: number;
};

const STARTS_MAX = 3;

/** Weights out of ten. */
const TARGETS: readonly Target[] = [
  ...Array<Target>(5).fill("server"),
  ...Array<Target>(3).fill("database"),
  ...Array<Target>(2).fill("everything"),
];

export async function proveKills(count: number, options: KillOptions = {}): Promise<KillResult> {
  const seed = options.seed ?? randomBytes(4).toString("hex");
  const say = options.say ?? console.log;
  const random = createRandom(seed);
  const startedAt = performance.now();
  return withDataDir(async (dataDir) => {
    const recorder = await startRecorder(20);
    const victim = await createVictim(dataDir);
    const over = new AbortController();
    const byTarget: Record<Target, number> = { server: 0, database: 0, everything: 0 };
    let recoveryMsMax = 0;
    let gaveUp = 0;
    let wasReady = false;
    const died: string[] = [];
    const start = (): void => {
      wasReady = false;
      victim.start();
    };
    /**
     * A server that loses its database while it starts may give up; whoever looks after services starts it again. One that
     * was up must outlive its database.
     */
    const backOnItsFeet = async (): Promise<void> => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await victim.ready();
          wasReady = true;
          return;
        } catch (error) {
          if (attempt === STARTS_MAX) throw error;
          const message = error instanceof Error ? error.message : String(error);
          if (wasReady) died.push(`the server was up and ended with its database: ${message}`);
          else gaveUp += 1;
          say(message);
          // One that is merely slow must not go on beside the next.
          await victim.kill("server");
          start();
        }
      }
    };
    try {
      start();
      await backOnItsFeet();
      const { child, stories } = storiesOf(recorder.url);
      const definitions = [child, ...stories.map(({ definition }) => definition)];
      for (const definition of definitions) await create(victim, definition);
      const clients = startClients(victim, stories);
      const people = keepAnswering(victim, recorder, over.signal);
      for (let kill = 1; kill <= count; kill += 1) {
        const target = random.pick(TARGETS);
        // Sometimes before it is back on its feet: recovery must survive being killed as well.
        const isEarly = random.chance(0.2) && kill > 1;
        const afterMs = isEarly ? random.between(30, 530) : random.between(150, 1_350);
        const recoveryMs = isEarly ? 0 : Math.round(await timed(backOnItsFeet));
        recoveryMsMax = Math.max(recoveryMsMax, recoveryMs);
        await delay(afterMs);
        await victim.kill(target);
        byTarget[target] += 1;
        say(
          `kill ${kill} of ${count}: ${target}, ${afterMs} ms after ` +
            `${isEarly ? "the last kill" : `it was ready (again after ${recoveryMs} ms)`}, ${clients.accepted.length} accepted`,
        );
        if (target !== "database") start();
      }
      recoveryMsMax = Math.max(recoveryMsMax, Math.round(await timed(backOnItsFeet)));
      await clients.finish();
      await allEnded(victim, options.settleMs ?? 60_000);
      over.abort();
      const { decided } = await people;
      const verdict = await judge(
        { url: victim.databaseUrl(), dataDir },
        clients.accepted,
        definitions,
        recorder,
      );
      const result: KillResult = {
        ...verdict,
        illegal: [...verdict.illegal, ...died],
        seed,
        kills: count,
        byTarget,
        accepted: clients.accepted.length,
        repeatedEffects: [...recorder.calls.values()].reduce((sum, list) => sum + list.length - 1, 0),
        decided,
        gaveUp,
        recoveryMsMax,
        seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      };
      say(summaryOf(result));
      return result;
    } catch (error) {
      say(`seed ${seed} failed`);
      throw error;
    } finally {
      over.abort();
      await victim.stop();
      await victim.kill("everything");
      await recorder.close();
    }
  });
}

export async function create(victim: Victim, definition: object): Promise<void> {
  const reply = await victim.call("POST", "/api/v1/workflows", definition);
  if (reply?.status !== 201) throw new Error(`not created: ${JSON.stringify(reply?.json)}`);
}

/** Gives up when nothing has ended for so long: on a busy machine the last ones take their time. */
export async function allEnded(victim: Victim, withinMs: number): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY;
  let deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const open = await countOpen(victim.databaseUrl());
    if (open === 0) return;
    if (open < fewest) {
      fewest = open;
      deadline = performance.now() + withinMs;
    }
    await delay(200);
  }
}

async function timed(action: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await action();
  return performance.now() - startedAt;
}

function summaryOf(result: KillResult): string {
  const bad = [...result.lost, ...result.duplicated, ...result.illegal].slice(0, 20);
  return [
    `${result.kills} kills (seed ${result.seed}): ${result.accepted} accepted, ${result.executions} executions, ` +
      `${result.turns} turns; lost ${result.lost.length}, duplicated ${result.duplicated.length}, ` +
      `illegal ${result.illegal.length}; ${result.repeatedEffects} effects sent again under their key, ` +
      `${result.decided} decided by a person, ${result.gaveUp} starts given up; slowest recovery ${result.recoveryMsMax} ms; ${result.seconds} s`,
    ...bad.map((line) => `  ${line}`),
  ].join("\n");
}
