// Reading a table again after somebody changed it: one reading at a time, and whoever asks while one is under way waits for
// one more, because that which is under way may have looked before the change.

/** A reading that fails rejects those who waited for it, and no later ones. */
export function oneAtATime(read: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= last = last
      .catch(() => {})
      .then(() => {
        next = undefined;
        return read();
      });
    return next;
  };
}
