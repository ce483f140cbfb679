// Assignment: only to variables of the expression declared with let. Data is never changed.
import type { AssignmentExpression, Identifier, UpdateExpression } from "acorn";
import { toNumber } from "../convert.ts";
import { type Evaluate, UNSET } from "../functions.ts";
import { binaryOperation } from "../operators.ts";
import { fail, type Site } from "../run.ts";
import type { Value } from "../values.ts";
import {
  type Binding,
  type Compiler,
  findBinding,
  frameAt,
  hopsTo,
  problem,
  siteOf,
  unsupported,
} from "./compiler.ts";
import { compileExpression } from "./expression.ts";
import { unknownName } from "./names.ts";

type Variable = { read: Evaluate; write(frame: Parameters<Evaluate>[0], value: Value): Value };

export function compileAssignment(c: Compiler, node: AssignmentExpression): Evaluate {
  if (node.left.type !== "Identifier") {
    return unsupported(c, node.left, "Changing data", "Build a new value instead: {...data, key: value}.");
  }
  const variable = findVariable(c, node.left);
  const value = compileExpression(c, node.right);
  if (!variable) return value;
  const { read, write } = variable;
  const operator = node.operator.slice(0, -1);
  if (operator === "") return (frame) => write(frame, value(frame));
  if (operator === "&&") return (frame) => read(frame) && write(frame, value(frame));
  if (operator === "||") return (frame) => read(frame) || write(frame, value(frame));
  if (operator === "??") return (frame) => read(frame) ?? write(frame, value(frame));
  const operation = binaryOperation(operator);
  if (!operation) return unsupported(c, node, `"${node.operator}"`);
  const site = siteOf(node, node.operator);
  return (frame) => {
    const before = read(frame);
    const change = value(frame);
    frame.run.site = site;
    return write(frame, operation(frame.run, before, change));
  };
}

export function compileUpdate(c: Compiler, node: UpdateExpression): Evaluate {
  if (node.argument.type !== "Identifier") {
    return unsupported(
      c,
      node.argument,
      "Changing data",
      "Build a new value instead: {...data, key: value}.",
    );
  }
  const variable = findVariable(c, node.argument);
  if (!variable) return () => undefined;
  const step = node.operator === "++" ? 1 : -1;
  return (frame) => {
    const before = toNumber(frame.run, variable.read(frame));
    const after = variable.write(frame, before + step);
    return node.prefix ? after : before;
  };
}

function findVariable(c: Compiler, node: Identifier): Variable | undefined {
  const binding = findBinding(c, node.name);
  if (!binding) {
    unknownName(c, node);
    return undefined;
  }
  if (binding.kind === "const") {
    problem(
      c,
      node,
      "CONSTANT",
      `"${node.name}" is a constant and cannot be changed.`,
      "Declare it with let.",
    );
    return undefined;
  }
  return variableOf(binding, hopsTo(c, binding), siteOf(node, node.name));
}

function variableOf(binding: Binding, hops: number, site: Site): Variable {
  const { slot } = binding;
  const read: Evaluate = (frame) => {
    const value = frameAt(frame, hops).slots[slot];
    if (value !== UNSET) return value;
    frame.run.site = site;
    throw fail(
      frame.run,
      "NOT_YET_SET",
      `"${site.name}" is used before it is set.`,
      "Move its declaration up.",
    );
  };
  return {
    read,
    write(frame, value) {
      read(frame);
      frameAt(frame, hops).slots[slot] = value;
      return value;
    },
  };
}
