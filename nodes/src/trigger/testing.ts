// Runs a listening trigger in a test: what it took, and its cursor, as the server would keep them.
import type { Json, JsonObject } from "@auraos/kernel";
import type { ListenContext, NodeModule, TakenMessage } from "../defineNode.ts";
import { testContext } from "../testing.ts";

export type Listening = {
  messages: TakenMessage[];
  cursor: () => Json | undefined;
  until(isSo: () => boolean): Promise<void>;
  /** Ends it; rejects with what it threw, unless that was only because it was ended in the middle of a call. */
  stop(): Promise<void>;
};

export function listenTo(
  module: NodeModule,
  config: JsonObject,
  more: Partial<ListenContext> = {},
): Listening {
  if (!module.listen) throw new Error(`${module.type} does not listen`);
  const ending = new AbortController();
  const messages: TakenMessage[] = [];
  const known = new Set<string>();
  let cursor = more.cursor;
  let failure: unknown;
  const { signal } = ending;
  const done = module
    .listen(config, {
      ...testContext(),
      signal,
      cursor,
      nowMs: Date.now,
      async take(taken, next) {
        for (const one of taken) if (!known.has(one.id)) messages.push(one);
        for (const { id } of taken) known.add(id);
        if (next !== undefined) cursor = structuredClone(next);
      },
      async listening() {},
      pause: (ms) =>
        new Promise((resolve) => {
          setTimeout(() => resolve(!signal.aborted), Math.min(ms, 20));
        }),
      ...more,
    })
    .catch((error: unknown) => {
      failure = error;
    });
  return {
    messages,
    cursor: () => cursor,
    async until(isSo) {
      const deadline = performance.now() + 10_000;
      while (!isSo()) {
        if (failure !== undefined) throw failure;
        if (performance.now() > deadline) throw new Error(`not so after 10 s: ${isSo}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async stop() {
      ending.abort();
      await done;
      if (failure !== undefined && !isAbort(failure)) throw failure;
    },
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
