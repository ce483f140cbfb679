// Connections that stay open ask again whether they still may: soon after a session, key or role changed on this server,
// and every half minute for what another server changed or time ended.
import { Refusal } from "../platform/errors.ts";

const SOON_MS = 100;
const EVERY_MS = 30_000;

export type Watchers = {
  /** `ask` throws a Refusal when the connection is to end. The result stops watching. */
  watch(ask: () => Promise<unknown> | unknown, end: () => void): () => void;
  /** Something changed. */
  changed(): void;
  close(): void;
};

export function createWatchers(): Watchers {
  const watched = new Set<{ ask: () => Promise<unknown> | unknown; end: () => void }>();
  let soon: NodeJS.Timeout | undefined;
  const every = setInterval(askAll, EVERY_MS).unref();
  return {
    watch: (ask, end) => {
      const one = { ask, end };
      watched.add(one);
      return () => watched.delete(one);
    },
    changed: () => {
      if (watched.size > 0) soon ??= setTimeout(askAll, SOON_MS).unref();
    },
    close: () => {
      clearInterval(every);
      clearTimeout(soon);
    },
  };

  function askAll(): void {
    clearTimeout(soon);
    soon = undefined;
    for (const one of watched) {
      const asked = (async () => one.ask())();
      asked.catch((error: unknown) => {
        // A database that does not answer is no reason to send everybody away.
        if (error instanceof Refusal && (error.status === 401 || error.status === 403)) one.end();
      });
    }
  }
}
