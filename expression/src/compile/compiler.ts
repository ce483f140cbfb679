// What the compiler carries along: the source, the problems found, and the variables in sight.
// The compiler never stops at the first problem (an editor wants them all), except when the source is
// too large or too deep to go on.
import type { Node } from "acorn";
import type { Evaluate, Frame } from "../functions.ts";
import type { Limits } from "../limits.ts";
import { type Problem, problemAt } from "../problem.ts";
import type { Site } from "../run.ts";
import type { Value } from "../values.ts";

export type Binding = {
  readonly slot: number;
  readonly layout: Layout;
  readonly kind: "const" | "let" | "parameter";
};

/** The slots of one function. */
export type Layout = { slotCount: number; readonly parent: Layout | null; deepest: number };

/** The names of one block. */
export type Names = { readonly bindings: Map<string, Binding>; readonly parent: Names | null };

export type Compiler = {
  readonly source: string;
  readonly lenient: boolean;
  readonly limits: Limits;
  readonly problems: Problem[];
  readonly nodes: Set<string>;
  usesItem: boolean;
  /** The expression calls push or the like, so lists made by it must be known. */
  changesLists: boolean;
  nodeCount: number;
  /** Size of all patterns together; each takes time to prepare. */
  patternWeight: number;
  level: number;
  layout: Layout;
  names: Names;
};

/** Thrown after a problem that makes going on pointless. */
export class CompileStop extends Error {}

export function newCompiler(source: string, lenient: boolean, limits: Limits): Compiler {
  return {
    source,
    lenient,
    limits,
    problems: [],
    nodes: new Set(),
    usesItem: false,
    changesLists: false,
    nodeCount: 0,
    patternWeight: 0,
    level: 0,
    layout: { slotCount: 0, parent: null, deepest: 0 },
    names: { bindings: new Map(), parent: null },
  };
}

/** Counts a node on the way in; every call needs a `leave`. */
export function enter(c: Compiler, node: Node): void {
  if (++c.nodeCount > c.limits.astNodes) {
    const text = `The expression has more than ${c.limits.astNodes} parts.`;
    stop(c, node, "TOO_LARGE", text, "Split it into several fields, or use a Code step.");
  }
  if (++c.level > c.limits.astLevels) {
    const text = `The expression is nested more than ${c.limits.astLevels} levels deep.`;
    stop(c, node, "TOO_DEEP", text, "Split it into several fields, or use a Code step.");
  }
  if (c.level > c.layout.deepest) c.layout.deepest = c.level;
}

export function leave(c: Compiler): void {
  c.level--;
}

function stop(c: Compiler, node: Node, code: string, message: string, hint: string): never {
  c.problems.push(problemAt(c.source, node, code, message, hint));
  throw new CompileStop(message);
}

const NOTHING: Evaluate = () => undefined;

/** More than anyone reads; each costs time to describe. */
const PROBLEMS_MAX = 50;

export function problem(c: Compiler, node: Node, code: string, message: string, hint: string): Evaluate {
  if (c.problems.length >= PROBLEMS_MAX) throw new CompileStop("too many problems");
  c.problems.push(problemAt(c.source, node, code, message, hint));
  return NOTHING;
}

const CODE_STEP = "Use a Code step for this.";

export function unsupported(c: Compiler, node: Node, what: string, hint = CODE_STEP): Evaluate {
  return problem(c, node, "NOT_SUPPORTED", `${what} cannot be used in an expression.`, hint);
}

export function siteOf(node: Node, name: string): Site {
  return { start: node.start, end: node.end, name };
}

export function declare(c: Compiler, node: Node, name: string, kind: Binding["kind"]): Binding {
  if (c.names.bindings.has(name)) {
    problem(c, node, "NAME_TAKEN", `"${name}" is already declared here.`, "Choose another name.");
  }
  const binding: Binding = { slot: c.layout.slotCount++, layout: c.layout, kind };
  c.names.bindings.set(name, binding);
  return binding;
}

export function findBinding(c: Compiler, name: string): Binding | undefined {
  for (let names: Names | null = c.names; names !== null; names = names.parent) {
    const binding = names.bindings.get(name);
    if (binding) return binding;
  }
  return undefined;
}

/** Runs `work` with a block of its own for names; slots stay with the function, as nothing here repeats. */
export function inBlock<T>(c: Compiler, work: () => T): T {
  const outer = c.names;
  c.names = { bindings: new Map(), parent: outer };
  const result = work();
  c.names = outer;
  return result;
}

/** How many frames lie between here and the function that owns the binding. */
export function hopsTo(c: Compiler, binding: Binding): number {
  let hops = 0;
  for (
    let layout: Layout | null = c.layout;
    layout !== null && layout !== binding.layout;
    layout = layout.parent
  )
    hops++;
  return hops;
}

export function frameAt(frame: Frame, hops: number): Frame {
  let current = frame;
  for (let i = 0; i < hops && current.parent !== null; i++) current = current.parent;
  return current;
}

export function constant(value: Value): Evaluate {
  return () => value;
}
