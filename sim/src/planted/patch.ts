// A planted bug: the engine, the kernel or the store changed at one or more places. The change is made to the source
// while it is loaded, in a process of its own, so the product has no hooks for it.

export type Patch = {
  /** Path from the root of the repository. */
  file: string;
  /** Stands exactly once in the file. */
  find: string;
  replace: string;
};

export type Planted = {
  name: string;
  /** The rule that it breaks, and how that would look. */
  why: string;
  /** Rules of the checks, one of which must notice it: another would be an accident. */
  rules: string[];
  patches: Patch[];
  /** Set = of a seed in which things meet early that seldom meet. */
  seed?: string;
};
