// The public face of the kernel.

export { type Advanced, advance } from "./advance.ts";
export type * from "./commands.ts";
export { isIdle, nextWake, openCommands } from "./commandsOf.ts";
export { type Compiled, compile, type NodeTypes } from "./compile.ts";
export type * from "./definition.ts";
export type * from "./evaluator.ts";
export type * from "./events.ts";
export { evolve } from "./evolve.ts";
export type * from "./facts.ts";
export { type Failure, NodeError } from "./failure.ts";
export { type Forked, type ForkRequest, forkStart } from "./fork.ts";
export type * from "./item.ts";
export { isObject, type Json, type JsonObject } from "./json.ts";
export type * from "./nodeType.ts";
export { type PortRule, portsFrom } from "./portRules.ts";
export { BOUNDS, type Program, type ProgramNode } from "./program.ts";
export { collapse, type ResultShape, resultItems } from "./result.ts";
export {
  type ExecutionState,
  isClosed,
  type NodeRun,
  newState,
  type OpenCommand,
  type OpenWait,
  type Parked,
  type ScopeState,
  STATE_VERSION,
} from "./state.ts";
