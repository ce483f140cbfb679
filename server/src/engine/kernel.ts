// The kernel as the engine calls it: the only place where the two meet. A parameter of the engine, so that a test
// may put a broken kernel in its place (a definition that crashes, a turn that never ends).
import * as kernel from "@auraos/kernel";

export type Kernel = Pick<
  typeof kernel,
  | "advance"
  | "compile"
  | "evolve"
  | "forkStart"
  | "isClosed"
  | "isIdle"
  | "newState"
  | "nextWake"
  | "openCommands"
>;

export const realKernel: Kernel = kernel;
