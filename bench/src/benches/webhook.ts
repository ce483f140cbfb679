// W4: a webhook, three nodes, the answer. At light load what a caller waits for, beside the time of one bare commit;
// then as many as 32 callers can get. Everything is durable before it is answered.
import { effectStep, hook, PAYLOAD, pureStep } from "../engine/workflows.ts";
import type { Bench } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { percentile } from "../measure/percentile.ts";
import { measureRawRows } from "../measure/rawRows.ts";
import { withDatabase, withFolder } from "../measure/scratch.ts";
import { measureLoad } from "../server/measureLoad.ts";
import { withServer } from "../server/startServer.ts";

const NAME = "webhook";
const LIGHT_MS = 8_000;
const LIGHT_PER_SECOND = 20;
const FULL_MS = 5_000;
const CALLERS = 32;

export const webhook: Bench = {
  about: "W4: webhook, three nodes, answer: latency at 20 requests/s and the most requests/s.",
  run: async ({ note }) => {
    const commit = await withDatabase(({ url }) =>
      measureRawRows(url, { bodyBytes: 600, connections: 1, ms: 2_000, rowsPerInsert: 1 }),
    );
    const commitMs = 1000 / commit.rowsPerSecond;
    return withFolder((folder) =>
      withServer(folder, async (server) => {
        await server.create(hook("pure hook", "pure", pureStep));
        await server.create(hook("effect hook", "effect", effectStep));
        const body = JSON.stringify({ ...PAYLOAD, id: "@i" });
        const pure = { path: "/hooks/pure", body };
        const effect = { path: "/hooks/effect", body };
        await measureLoad(server, { ...pure, connections: CALLERS, ms: 2_000 });
        note("20 requests/s");
        const light = await measureLoad(server, {
          ...pure,
          connections: 8,
          perSecond: LIGHT_PER_SECOND,
          ms: LIGHT_MS,
        });
        note("as many as possible");
        const full = await measureLoad(server, { ...pure, connections: CALLERS, ms: FULL_MS });
        const effects = await measureLoad(server, { ...effect, connections: CALLERS, ms: FULL_MS });
        return [
          figureOf(NAME, "p50_light", percentile(light.latenciesMs, 0.5), "ms", commitMs),
          figureOf(NAME, "p99_light", percentile(light.latenciesMs, 0.99), "ms", commitMs),
          figureOf(NAME, "max_pure", full.perSecond, "requests/s", commit.rowsPerSecond),
          figureOf(NAME, "p50_max_pure", percentile(full.latenciesMs, 0.5), "ms"),
          figureOf(NAME, "p99_max_pure", percentile(full.latenciesMs, 0.99), "ms"),
          figureOf(NAME, "max_three_effects", effects.perSecond, "requests/s"),
          figureOf(NAME, "failed", light.failed + full.failed + effects.failed, "requests"),
        ];
      }),
    );
  },
};
