// Names: variables of the expression first, then the names of the language. Anything else is a problem
// at compile time, so a name of the host can never be reached.
import type { Identifier } from "acorn";
import { type Evaluate, UNSET } from "../functions.ts";
import { builtins } from "../globals/builtins.ts";
import { scopeNames } from "../globals/scopeNames.ts";
import { fail, type Run } from "../run.ts";
import type { Builtin, Value } from "../values.ts";
import {
  type Binding,
  type Compiler,
  constant,
  findBinding,
  frameAt,
  hopsTo,
  problem,
  siteOf,
} from "./compiler.ts";
import { nearestName } from "./nearest.ts";

const CONSTANTS: { readonly [name: string]: Value } = {
  undefined: undefined,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
};

export function compileIdentifier(c: Compiler, node: Identifier): Evaluate {
  const { name } = node;
  const binding = findBinding(c, name);
  if (binding) return readVariable(c, node, binding);
  if (Object.hasOwn(CONSTANTS, name)) return constant(CONSTANTS[name]);
  const builtin = findBuiltin(name);
  // A new id for each item, from its own seed.
  if (name === "$uuid") c.usesItem = true;
  if (builtin) return constant(builtin);
  const scopeName = scopeNames[name];
  if (scopeName) {
    if (scopeName.usesItem) c.usesItem = true;
    const { read } = scopeName;
    return (frame) => read(frame.run);
  }
  return unknownName(c, node);
}

export function findBuiltin(name: string): Builtin | undefined {
  return builtins[name];
}

function readVariable(c: Compiler, node: Identifier, binding: Binding): Evaluate {
  const { slot } = binding;
  const hops = hopsTo(c, binding);
  if (binding.kind === "parameter") {
    if (hops === 0) return (frame) => frame.slots[slot];
    if (hops === 1) return (frame) => frame.parent?.slots[slot];
    return (frame) => frameAt(frame, hops).slots[slot];
  }
  const site = siteOf(node, node.name);
  return (frame) => {
    const value = frameAt(frame, hops).slots[slot];
    if (value === UNSET) throw notYet(frame.run, site);
    return value;
  };
}

function notYet(run: Run, site: Run["site"]) {
  run.site = site;
  return fail(run, "NOT_YET_SET", `"${site.name}" is used before it is set.`, "Move its declaration up.");
}

const KNOWN_ELSEWHERE: { readonly [name: string]: string } = {
  $env: "Environment variables are not visible to workflows. Put the value into a variable and use $vars.",
  $secrets: "Secrets are only given to the connections that need them.",
  $node: "Use $('Step name') instead.",
  $position: "Use $itemIndex instead.",
  $item: "Use $('Step name').item instead.",
  $binary: "Use the files of the item: $input.item.files.",
  Set: "Use .unique() on a list instead.",
  RegExp: "Write the pattern between slashes: /pattern/.",
  BigInt: "Use a Code step for very large whole numbers.",
  Promise: "Expressions do not wait. Use a Code step.",
  console: "Use a Code step to write to the log.",
  require: "Use a Code step.",
};

export function unknownName(c: Compiler, node: Identifier): Evaluate {
  const { name } = node;
  if (name === "$") {
    return problem(
      c,
      node,
      "NODE_NAME_NOT_LITERAL",
      "$ must be called with the name of a step.",
      "Write $('Step name').",
    );
  }
  const elsewhere = Object.hasOwn(KNOWN_ELSEWHERE, name) ? KNOWN_ELSEWHERE[name] : undefined;
  const near = nearestName(name, [...Object.keys(builtins), ...Object.keys(scopeNames), "$"]);
  const hint = elsewhere ?? (near ? `Did you mean ${near}?` : "Item data is read as $json.name.");
  return problem(c, node, "UNKNOWN_NAME", `"${name}" is not a name this expression knows.`, hint);
}
