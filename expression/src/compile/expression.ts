// Turns one syntax node into a closure. The list of cases is the language: what is not here does not exist.
import type {
  ConditionalExpression,
  Expression,
  LogicalExpression,
  PrivateIdentifier,
  SequenceExpression,
  SpreadElement,
  Super,
} from "acorn";
import type { Evaluate } from "../functions.ts";
import { compileAssignment, compileUpdate } from "./assignment.ts";
import { compileCall, compileNew } from "./call.ts";
import { type Compiler, enter, leave, unsupported } from "./compiler.ts";
import { compileFunction } from "./function.ts";
import { compileArray, compileLiteral, compileObject, compileTemplateLiteral } from "./literal.ts";
import { compileChain, compileMember } from "./member.ts";
import { compileIdentifier } from "./names.ts";
import { compileBinary, compileUnary } from "./operator.ts";

export type AnyExpression = Expression | Super | PrivateIdentifier | SpreadElement;

export function compileExpression(c: Compiler, node: AnyExpression): Evaluate {
  enter(c, node);
  const evaluate = dispatch(c, node);
  leave(c);
  return evaluate;
}

function dispatch(c: Compiler, node: AnyExpression): Evaluate {
  switch (node.type) {
    case "Literal":
      return compileLiteral(c, node);
    case "Identifier":
      return compileIdentifier(c, node);
    case "ParenthesizedExpression":
      return compileExpression(c, node.expression);
    case "MemberExpression":
      return compileMember(c, node);
    case "ChainExpression":
      return compileChain(c, node);
    case "CallExpression":
      return compileCall(c, node);
    case "NewExpression":
      return compileNew(c, node);
    case "UnaryExpression":
      return compileUnary(c, node);
    case "BinaryExpression":
      return compileBinary(c, node);
    case "LogicalExpression":
      return compileLogical(c, node);
    case "ConditionalExpression":
      return compileConditional(c, node);
    case "TemplateLiteral":
      return compileTemplateLiteral(c, node);
    case "ArrayExpression":
      return compileArray(c, node);
    case "ObjectExpression":
      return compileObject(c, node);
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return compileFunction(c, node);
    case "SequenceExpression":
      return compileSequence(c, node);
    case "AssignmentExpression":
      return compileAssignment(c, node);
    case "UpdateExpression":
      return compileUpdate(c, node);
    default:
      return unsupported(c, node, nameOfSyntax(node.type));
  }
}

const SYNTAX_NAMES: { readonly [type: string]: string } = {
  ThisExpression: '"this"',
  Super: '"super"',
  ClassExpression: "A class",
  AwaitExpression: '"await"',
  YieldExpression: '"yield"',
  TaggedTemplateExpression: "A tagged template",
  ImportExpression: '"import"',
  MetaProperty: "A meta property",
  PrivateIdentifier: "A private name",
  SpreadElement: "A spread here",
};

function nameOfSyntax(type: string): string {
  return (Object.hasOwn(SYNTAX_NAMES, type) ? SYNTAX_NAMES[type] : undefined) ?? `This syntax (${type})`;
}

function compileLogical(c: Compiler, node: LogicalExpression): Evaluate {
  const left = compileExpression(c, node.left);
  const right = compileExpression(c, node.right);
  if (node.operator === "&&") return (frame) => left(frame) && right(frame);
  if (node.operator === "||") return (frame) => left(frame) || right(frame);
  return (frame) => left(frame) ?? right(frame);
}

function compileConditional(c: Compiler, node: ConditionalExpression): Evaluate {
  const test = compileExpression(c, node.test);
  const yes = compileExpression(c, node.consequent);
  const no = compileExpression(c, node.alternate);
  return (frame) => (test(frame) ? yes(frame) : no(frame));
}

function compileSequence(c: Compiler, node: SequenceExpression): Evaluate {
  const parts = node.expressions.map((part) => compileExpression(c, part));
  return (frame) => {
    let value: ReturnType<Evaluate>;
    for (const part of parts) value = part(frame);
    return value;
  };
}
