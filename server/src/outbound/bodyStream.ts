// The body of a response for one who reads it piece by piece: what comes faster than it is read waits in the network, not
// in memory.
export type BodyStream = AsyncIterable<Uint8Array> & {
  push(chunk: Uint8Array): void;
  end(): void;
  fail(error: Error): void;
  /** Nothing comes any more, whatever the reason. */
  ended: Promise<void>;
};

type Source = {
  pause(): void;
  resume(): void;
  /** The reader has had enough. */
  abandon(): void;
};

/** Unread bytes at which the connection is told to wait. */
const HELD_BYTES = 1_048_576;

export function createBodyStream({ pause, resume, abandon }: Source): BodyStream {
  const waiting: Uint8Array[] = [];
  const { promise: ended, resolve: tellEnded } = Promise.withResolvers<void>();
  let bytes = 0;
  let isPaused = false;
  let isOver = false;
  let failure: Error | undefined;
  let wake = () => {};
  return { push, end, fail, ended, [Symbol.asyncIterator]: read };

  function push(chunk: Uint8Array): void {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes >= HELD_BYTES && !isPaused) {
      isPaused = true;
      pause();
    }
    wake();
  }

  function end(): void {
    isOver = true;
    tellEnded();
    wake();
  }

  function fail(error: Error): void {
    if (isOver) return;
    failure = error;
    waiting.length = 0;
    end();
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        if (failure) throw failure;
        const chunk = waiting.shift();
        if (chunk) {
          bytes -= chunk.length;
          if (isPaused && bytes < HELD_BYTES / 2) {
            isPaused = false;
            resume();
          }
          yield chunk;
        } else if (isOver) return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      if (!isOver) abandon();
    }
  }
}
