// Functions written in expressions, and calling them.
// A FunctionValue is opaque: it can be called and passed on, nothing else.
import { LIMITS } from "./limits.ts";
import { charge, fail, limitError, type Run } from "./run.ts";
import { Builtin, nameOfKind, Opaque, type Value } from "./values.ts";

/** Variables of one function call; `slots` are numbered by the compiler. */
export type Frame = { readonly run: Run; readonly slots: Value[]; readonly parent: Frame | null };
export type Evaluate = (frame: Frame) => Value;

export type FunctionCode = {
  readonly slotCount: number;
  /** Plain parameters are copied into the first slots; anything else is bound by `bind`. */
  readonly plainParameters: number;
  readonly bind: ((frame: Frame, args: readonly Value[]) => void) | null;
  readonly body: Evaluate;
  /** Work of one call: a long body costs more than a short one. */
  readonly cost: number;
  /** AST levels of the body, for the stack bound. */
  readonly levels: number;
};

/** A variable that is declared further down. Never visible as a value. */
class Unset extends Opaque {
  readonly kind = "unset";
}
export const UNSET: Value = new Unset();

export class FunctionValue extends Opaque {
  readonly kind = "function";
  readonly code: FunctionCode;
  readonly frame: Frame;

  constructor(code: FunctionCode, frame: Frame) {
    super();
    this.code = code;
    this.frame = frame;
  }
}

export type Callable = FunctionValue | Builtin;

export function isCallable(value: Value): value is Callable {
  return value instanceof FunctionValue || (value instanceof Builtin && value.parts.call !== undefined);
}

export function callableOr(run: Run, value: Value, caller: string): Callable {
  if (isCallable(value)) return value;
  throw fail(
    run,
    "NOT_CALLABLE",
    `${caller} needs a function, but got ${nameOfKind(value)}.`,
    "Write a function such as `x => x.name`.",
  );
}

/** The fast way for callbacks of list methods: no list of arguments is built. */
export function invoke(run: Run, callee: Callable, a: Value, b?: Value, c?: Value): Value {
  if (callee instanceof Builtin) return callBuiltin(run, callee, [a, b, c]);
  const code = callee.code;
  if (code.bind !== null) return call(run, callee, [a, b, c]);
  return enter(run, callee, plainSlots(code.plainParameters, a, b, c));
}

/** Written out, because an empty list that grows reserves far more than it needs. */
function plainSlots(count: number, a: Value, b: Value, c: Value): Value[] {
  if (count === 1) return [a];
  if (count === 2) return [a, b];
  if (count === 0) return [];
  const slots = [a, b, c];
  for (let i = 3; i < count; i++) slots.push(undefined);
  return slots;
}

export function call(run: Run, callee: Callable, args: Value[]): Value {
  if (callee instanceof Builtin) return callBuiltin(run, callee, args);
  const code = callee.code;
  const slots: Value[] = [];
  for (let i = 0; i < code.plainParameters; i++) slots.push(args[i]);
  return enter(run, callee, slots, args);
}

function enter(run: Run, callee: FunctionValue, slots: Value[], args?: Value[]): Value {
  const code = callee.code;
  for (let i = slots.length; i < code.slotCount; i++) slots.push(UNSET);
  charge(run, code.cost);
  if (++run.depth > LIMITS.callDepth) throw limitError(run, "LIMIT_DEPTH", "callDepth", LIMITS.callDepth);
  run.levels += code.levels;
  if (run.levels > LIMITS.stackLevels) {
    throw limitError(run, "LIMIT_DEPTH", "stackLevels", LIMITS.stackLevels);
  }
  const site = run.site;
  const frame: Frame = { run, slots, parent: callee.frame };
  if (code.bind !== null && args !== undefined) code.bind(frame, args);
  const value = code.body(frame);
  run.depth--;
  run.levels -= code.levels;
  run.site = site;
  return value;
}

function callBuiltin(run: Run, callee: Builtin, args: Value[]): Value {
  charge(run, 1);
  const direct = callee.parts.call;
  if (direct) return direct(run, undefined, args);
  throw fail(run, "NOT_CALLABLE", `${callee.name} is not a function.`, "Call one of its methods.");
}
