// Functions of the expression: arrows and function expressions, without this, arguments, async or generators.
import type { ArrowFunctionExpression, BlockStatement, Expression, FunctionExpression, Pattern } from "acorn";
import { type Evaluate, type FunctionCode, FunctionValue } from "../functions.ts";
import { type Compiler, declare, inBlock, type Layout, unsupported } from "./compiler.ts";
import { compileExpression } from "./expression.ts";
import { type BindPattern, bindPattern } from "./pattern.ts";
import { compileBody } from "./statement.ts";

// Nodes of the body per unit of work: a callback of 4,000 nodes must not cost the same as `x => x`.
const NODES_PER_UNIT = 8;

export function compileFunction(c: Compiler, node: ArrowFunctionExpression | FunctionExpression): Evaluate {
  if (node.async) return unsupported(c, node, "An async function");
  if (node.generator) return unsupported(c, node, "A generator");
  const outer = c.layout;
  const layout: Layout = { slotCount: 0, parent: outer, deepest: c.level };
  const firstNode = c.nodeCount;
  const firstLevel = c.level;
  c.layout = layout;
  const parts = inBlock(c, () => compileParts(c, node));
  c.layout = outer;
  if (layout.deepest > outer.deepest) outer.deepest = layout.deepest;
  const code: FunctionCode = {
    slotCount: layout.slotCount,
    plainParameters: parts.plain,
    bind: parts.bind,
    body: parts.body,
    cost: 1 + Math.floor((c.nodeCount - firstNode) / NODES_PER_UNIT),
    levels: layout.deepest - firstLevel + 2,
  };
  return (frame) => new FunctionValue(code, frame);
}

type Parts = { plain: number; bind: BindPattern | null; body: Evaluate };

function compileParts(c: Compiler, node: ArrowFunctionExpression | FunctionExpression): Parts {
  const isPlain = node.params.every((parameter) => parameter.type === "Identifier");
  let plain = 0;
  let bind: BindPattern | null = null;
  if (isPlain) {
    for (const parameter of node.params) {
      if (parameter.type === "Identifier") declare(c, parameter, parameter.name, "parameter");
      plain++;
    }
  } else {
    bind = bindParameters(c, node.params);
  }
  const body = compileFunctionBody(c, node.body);
  return { plain, bind, body };
}

function compileFunctionBody(c: Compiler, body: Expression | BlockStatement): Evaluate {
  return body.type === "BlockStatement" ? compileBody(c, body) : compileExpression(c, body);
}

/** Parameters with patterns, defaults or rest: bound one after the other from the list of arguments. */
function bindParameters(c: Compiler, params: readonly Pattern[]): BindPattern {
  return bindPattern(c, { elements: params }, "let");
}
