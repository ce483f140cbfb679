// What was begun ends in the opposite order, each thing for itself: one that does not end well keeps none of the others.
import type { Log } from "./platform/log.ts";

export type Cleanups = {
  add(cleanup: () => Promise<unknown> | unknown): void;
  /** A second time nothing is left to do. */
  run(): Promise<void>;
};

export function createCleanups(log: Log): Cleanups {
  const cleanups: (() => Promise<unknown> | unknown)[] = [];
  return {
    add: (cleanup) => void cleanups.push(cleanup),
    async run() {
      for (const cleanup of cleanups.splice(0).toReversed()) {
        try {
          await cleanup();
        } catch (error) {
          log("warn", "something did not end well", { error });
        }
      }
    },
  };
}
