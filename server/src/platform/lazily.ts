// Something that costs to make and never changes: made when it is first asked for, so that a start does not wait for it.

/** @returns gives what `make` made; a `make` that threw is asked again. */
export function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
