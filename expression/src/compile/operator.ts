// Unary and binary operators.
import type { BinaryExpression, UnaryExpression } from "acorn";
import { toNumber } from "../convert.ts";
import type { Evaluate } from "../functions.ts";
import { isCallable } from "../functions.ts";
import { binaryOperation } from "../operators.ts";
import { Opaque, type Value } from "../values.ts";
import { type Compiler, siteOf, unsupported } from "./compiler.ts";
import { compileExpression } from "./expression.ts";

export function compileUnary(c: Compiler, node: UnaryExpression): Evaluate {
  if (node.operator === "delete")
    return unsupported(c, node, '"delete"', "Use .removeField() to leave a field out.");
  const operand = compileExpression(c, node.argument);
  switch (node.operator) {
    case "!":
      return (frame) => !operand(frame);
    case "-":
      return (frame) => -toNumber(frame.run, operand(frame));
    case "+":
      return (frame) => toNumber(frame.run, operand(frame));
    case "~":
      return (frame) => ~toNumber(frame.run, operand(frame));
    case "typeof":
      return (frame) => typeName(operand(frame));
    case "void":
      return (frame) => {
        operand(frame);
        return undefined;
      };
    default:
      return unsupported(c, node, `"${node.operator}"`);
  }
}

function typeName(value: Value): string {
  if (value instanceof Opaque) return isCallable(value) ? "function" : "object";
  return typeof value;
}

export function compileBinary(c: Compiler, node: BinaryExpression): Evaluate {
  const operation = binaryOperation(node.operator);
  if (operation === undefined || node.left.type === "PrivateIdentifier") {
    return unsupported(c, node, `"${node.operator}"`);
  }
  const left = compileExpression(c, node.left);
  const right = compileExpression(c, node.right);
  const site = siteOf(node, node.operator);
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a !== "number" || typeof b !== "number") frame.run.site = site;
    return operation(frame.run, a, b);
  };
}
