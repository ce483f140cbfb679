// The beginning of a stream, without taking it away from whoever reads it afterwards.
import type { Bytes } from "./text.ts";

export type Peeked = {
  /** At least `count` bytes, unless there are fewer. */
  begin: Uint8Array;
  /** All bytes, the beginning included. */
  all: AsyncGenerator<Uint8Array>;
};

export async function peek(bytes: Bytes, count: number): Promise<Peeked> {
  const rest = bytes[Symbol.asyncIterator]();
  let begin: Uint8Array = new Uint8Array();
  let isOver = false;
  while (begin.length < count && !isOver) {
    const next = await rest.next();
    if (next.done === true) isOver = true;
    else begin = begin.length === 0 ? next.value : Buffer.concat([begin, next.value]);
  }
  return { begin, all: all() };

  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (begin.length > 0) yield begin;
      while (!isOver) {
        const next = await rest.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await rest.return?.();
    }
  }
}
