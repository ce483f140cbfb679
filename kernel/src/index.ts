// The public face of the kernel.
export type * from "./definition.ts";
export type * from "./evaluator.ts";
export { type Failure, NodeError } from "./failure.ts";
export type * from "./item.ts";
export { isObject, type Json, type JsonObject } from "./json.ts";
export type * from "./nodeType.ts";
export type * from "./commands.ts";
export type * from "./events.ts";
export type * from "./facts.ts";
export { type ExecutionState, type NodeRun, type OpenCommand, type OpenWait, type Parked, type ScopeState, isClosed, newState, STATE_VERSION } from "./state.ts";
export { advance, type Advanced } from "./advance.ts";
export { isIdle, nextWake, openCommands } from "./commandsOf.ts";
export { type Compiled, compile, type NodeTypes } from "./compile.ts";
export { evolve } from "./evolve.ts";
export { forkStart, type ForkRequest, type Forked } from "./fork.ts";
export { BOUNDS, type Program, type ProgramNode } from "./program.ts";
export { collapse } from "./turn/reply.ts";
