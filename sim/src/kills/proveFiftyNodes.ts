// The acceptance story: a workflow of fifty nodes gives its exact output every time, also when the server is killed in
// the middle of it.
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../random.ts";
import { type Accepted, startUntilAnswered } from "./clients.ts";
import { fiftyNodes } from "./fiftyNodes.ts";
import { keepAnswering } from "./people.ts";
import { allEnded, create } from "./proveKills.ts";
import { startRecorder } from "./recorder.ts";
import { judge, type Verdict } from "./verdict.ts";
import { createVictim } from "./victim.ts";
import { withDataDir } from "./withDataDir.ts";

export type FiftyResult = Verdict & { times: number; exact: number; kills: number; seconds: number };

/** Runs that are not killed go together, so many at once. */
const TOGETHER = 10;

export async function proveFiftyNodes(
  times: number,
  kills: number,
  options: { seed?: string; say?: (line: string) => void } = {},
): Promise<FiftyResult> {
  const say = options.say ?? console.log;
  const random = createRandom(options.seed ?? "fifty");
  const startedAt = performance.now();
  return withDataDir(async (dataDir) => {
    const recorder = await startRecorder(10);
    const victim = await createVictim(dataDir);
    const over = new AbortController();
    const accepted: Accepted[] = [];
    try {
      victim.start();
      await victim.ready();
      const { child, story } = fiftyNodes(recorder.url);
      for (const definition of [child, story.definition]) await create(victim, definition);
      const people = keepAnswering(victim, recorder, over.signal);
      const start = async (id: number) => {
        accepted.push({ id, executionId: await startUntilAnswered(victim, story, id), story });
      };
      for (let id = 1; id <= kills; id += 1) {
        await start(id);
        const afterMs = random.between(5, 900);
        await delay(afterMs);
        await victim.kill("server");
        say(`run ${id}: killed ${afterMs} ms after its start`);
        victim.start();
        await victim.ready();
      }
      for (let id = kills + 1; id <= times; id += TOGETHER) {
        const ids = Array.from({ length: Math.min(TOGETHER, times - id + 1) }, (_, index) => id + index);
        await Promise.all(ids.map(start));
      }
      await allEnded(victim, 60_000);
      over.abort();
      await people;
      const verdict = await judge(
        { url: victim.databaseUrl(), dataDir },
        accepted,
        [child, story.definition],
        recorder,
      );
      const result = {
        ...verdict,
        times,
        kills,
        exact: times - verdict.lost.length,
        seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      };
      const bad = [...verdict.lost, ...verdict.duplicated, ...verdict.illegal].slice(0, 10);
      say(
        `fifty nodes: ${result.exact} of ${times} exact, ${kills} of them killed, ${result.seconds} s` +
          `${bad.length > 0 ? `\n  ${bad.join("\n  ")}` : ""}`,
      );
      return result;
    } finally {
      over.abort();
      await victim.stop();
      await victim.kill("everything");
      await recorder.close();
    }
  });
}
