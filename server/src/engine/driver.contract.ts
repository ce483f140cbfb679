// The same stories for every store: what the engine promises, told as events, faults and what must be seen after.
// memory/memory.test.ts and postgres/driver.db.test.ts tell them.
import { type TestContext, test } from "node:test";
import { basics } from "./contract/basics.ts";
import { ends } from "./contract/ends.ts";
import { families } from "./contract/families.ts";
import { faults } from "./contract/faults.ts";
import { outages } from "./contract/outages.ts";
import { places } from "./contract/places.ts";
import { sensitive } from "./contract/sensitive.ts";
import { volume } from "./contract/volume.ts";
import { createWorld } from "./contract/world.ts";
import type { Store } from "./store.ts";

/** `open` makes an empty storage and gives the way to connect to it, once per engine. */
export function driverContract(open: (t: TestContext) => Promise<() => Store>): void {
  for (const { name, rules, tell } of [
    ...basics,
    ...ends,
    ...families,
    ...faults,
    ...outages,
    ...places,
    ...sensitive,
    ...volume,
  ]) {
    test(`${name} [${rules}]`, { timeout: 120_000 }, async (t) => {
      const world = createWorld(await open(t));
      t.after(() => world.close());
      try {
        await tell(world);
      } catch (error) {
        t.diagnostic(world.logs.slice(-20).join("\n"));
        throw error;
      }
    });
  }
}
