// The stories of the services, block after block, in a process of its own, so that `npm run prove` plays them beside the
// stories of the engine. Started with a seed and a number of executions; tells each block to the process that started it.
import { runServices, type ServiceCounts, type ServiceFigures } from "./run.ts";

export type ServiceBlock = { seed: string; counts: ServiceCounts; figures: ServiceFigures };

/** Executions of one block: each has a seed of its own, so that a failing one is quickly found again. */
const BLOCK = 10_000;

const [, , seed = "1", executions = "0"] = process.argv;
for (let left = Number(executions), at = 0; left > 0; at++) {
  const options = { seed: `${seed}.${at}`, executions: Math.min(BLOCK, left), say: console.error };
  const { counts, figures } = await runServices(options);
  left -= counts.executions;
  process.send?.({ seed: options.seed, counts, figures } satisfies ServiceBlock);
}
process.disconnect?.();
