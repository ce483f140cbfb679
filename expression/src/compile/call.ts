// Calls. A method is looked up by the kind of the value before the dot, at the moment of the call,
// in tables of our own; a function value can only come from the expression itself or from the builtins.
import type { CallExpression, Expression, MemberExpression, NewExpression, SpreadElement } from "acorn";
import { call, type Evaluate, FunctionValue, isCallable } from "../functions.ts";
import { nodeValue } from "../globals/nodeValue.ts";
import { methodFor, methodNames } from "../methods/tables.ts";
import { readKey, toKey } from "../read.ts";
import { charge, fail, type Run, type Site } from "../run.ts";
import { spreadInto } from "../spread.ts";
import { isObject, nameOfKind, type Value } from "../values.ts";
import { type Compiler, findBinding, problem, siteOf, unsupported } from "./compiler.ts";
import { compileExpression } from "./expression.ts";
import { compileLink, noteItem, nullRead, SKIPPED } from "./member.ts";
import { findBuiltin } from "./names.ts";
import { nearestName } from "./nearest.ts";

type Arguments = (frame: Parameters<Evaluate>[0]) => Value[];

export function compileCall(c: Compiler, node: CallExpression): Evaluate {
  const callee = withoutParentheses(node.callee);
  if (callee.type === "Identifier" && callee.name === "$" && !findBinding(c, "$"))
    return compileNodeCall(c, node);
  if (callee.type === "MemberExpression") return compileMethodCall(c, node, callee);
  const args = compileArguments(c, node.arguments);
  const target = compileLink(c, callee);
  const name = callee.type === "Identifier" ? callee.name : "function";
  const site = siteOf(node, `${name}()`);
  const { optional } = node;
  const { lenient } = c;
  return (frame) => {
    const value = target(frame);
    if (value === SKIPPED || (optional && (value === null || value === undefined))) return SKIPPED;
    if (lenient && (value === null || value === undefined)) return undefined;
    const list = args(frame);
    const { run } = frame;
    run.site = site;
    if (isCallable(value)) return call(run, value, list);
    throw fail(
      run,
      "NOT_CALLABLE",
      `${name} is not a function.`,
      "Only functions and methods can be called.",
    );
  };
}

function withoutParentheses(
  node: Expression | CallExpression["callee"],
): Expression | CallExpression["callee"] {
  return node.type === "ParenthesizedExpression" ? withoutParentheses(node.expression) : node;
}

/** `$('Step name')`: the name must be known before running, so that the graph knows who needs whom. */
function compileNodeCall(c: Compiler, node: CallExpression): Evaluate {
  const name = literalText(node.arguments);
  if (name === undefined) {
    const hint = "Write the name of the step between quotes: $('Step name').";
    return problem(c, node, "NODE_NAME_NOT_LITERAL", "$() needs the name of a step as plain text.", hint);
  }
  c.nodes.add(name);
  const site = siteOf(node, `$('${name}')`);
  return (frame) => {
    frame.run.site = site;
    charge(frame.run, 1);
    return nodeValue(frame.run, name);
  };
}

function literalText(args: CallExpression["arguments"]): string | undefined {
  const first = args[0];
  if (args.length !== 1 || !first) return undefined;
  if (first.type === "Literal" && typeof first.value === "string") return first.value;
  if (first.type !== "TemplateLiteral" || first.expressions.length > 0) return undefined;
  return first.quasis[0]?.value.cooked ?? undefined;
}

function compileMethodCall(c: Compiler, node: CallExpression, callee: MemberExpression): Evaluate {
  if (callee.property.type === "PrivateIdentifier") return unsupported(c, callee.property, "A private name");
  const target = compileLink(c, callee.object);
  const args = compileArguments(c, node.arguments);
  noteEffects(c, callee);
  if (!callee.computed && callee.property.type === "Identifier") {
    const { name } = callee.property;
    return callStatic(c, { target, args, name, node, callee, site: siteOf(callee.property, `${name}()`) });
  }
  const key = compileExpression(c, callee.property);
  const { lenient } = c;
  const site = siteOf(callee.property, "[]()");
  return (frame) => {
    const base = target(frame);
    const { run } = frame;
    if (base === SKIPPED) return SKIPPED;
    if (base === null || base === undefined) {
      if (callee.optional) return SKIPPED;
      if (lenient) return undefined;
      throw nullRead(run, "[]", site);
    }
    const name = toKey(run, key(frame));
    return callMethod(run, base, name, args(frame), site);
  };
}

type StaticCall = {
  target: Evaluate;
  args: Arguments;
  name: string;
  node: CallExpression;
  callee: MemberExpression;
  site: Site;
};

function callStatic(c: Compiler, parts: StaticCall): Evaluate {
  const { target, args, name, site } = parts;
  const { lenient } = c;
  const isOptional = parts.callee.optional;
  const isOptionalCall = parts.node.optional;
  // These two ask about missing values, so they answer for them too.
  const answersMissing = name === "isEmpty" || name === "isNotEmpty";
  return (frame) => {
    const base = target(frame);
    const { run } = frame;
    if (base === SKIPPED) return SKIPPED;
    if (base === null || base === undefined) {
      if (isOptional) return SKIPPED;
      if (answersMissing) return name === "isEmpty";
      if (lenient) return undefined;
      throw nullRead(run, name, site);
    }
    if (isOptionalCall && methodFor(base, name) === undefined && !isOwnFunction(run, base, name))
      return SKIPPED;
    return callMethod(run, base, name, args(frame), site);
  };
}

function isOwnFunction(run: Run, base: Value, name: string): boolean {
  return isObject(base) && isCallable(readKey(run, base, name));
}

// Comparing a name with all methods of a kind, for the hint.
const NEAREST_WORK = 200;

function callMethod(run: Run, base: Value, name: string, args: Value[], site: Site): Value {
  run.site = site;
  charge(run, 1);
  if (isObject(base) && Object.hasOwn(base, name)) {
    const own = base[name];
    if (own instanceof FunctionValue || isCallable(own)) return call(run, own, args);
  }
  const method = methodFor(base, name);
  if (method !== undefined) return method(run, base, args);
  charge(run, NEAREST_WORK);
  const near = nearestName(name, methodNames(base));
  const kind = nameOfKind(base);
  throw fail(
    run,
    "NO_METHOD",
    `A ${kind} has no method "${name.slice(0, 40)}".`,
    near ? `Did you mean ${near}()?` : "See the list of methods, or use a Code step.",
  );
}

export function compileArguments(c: Compiler, nodes: readonly (Expression | SpreadElement)[]): Arguments {
  if (nodes.some((node) => node.type === "SpreadElement")) return compileSpreadArguments(c, nodes);
  const parts = nodes.map((node) => compileExpression(c, node));
  const [first, second] = parts;
  if (parts.length === 0) return () => [];
  if (parts.length === 1 && first) return (frame) => [first(frame)];
  if (parts.length === 2 && first && second) return (frame) => [first(frame), second(frame)];
  return (frame) => {
    const list: Value[] = [];
    for (const part of parts) list.push(part(frame));
    return list;
  };
}

function compileSpreadArguments(c: Compiler, nodes: readonly (Expression | SpreadElement)[]): Arguments {
  const parts = nodes.map((node) => {
    const isSpread = node.type === "SpreadElement";
    return {
      isSpread,
      evaluate: compileExpression(c, isSpread ? node.argument : node),
      site: siteOf(node, "..."),
    };
  });
  return (frame) => {
    const list: Value[] = [];
    for (const part of parts) {
      const value = part.evaluate(frame);
      if (part.isSpread) {
        frame.run.site = part.site;
        spreadInto(frame.run, list, value);
      } else list.push(value);
    }
    return list;
  };
}

export function compileNew(c: Compiler, node: NewExpression): Evaluate {
  const callee = node.callee;
  const args = compileArguments(c, node.arguments);
  if (callee.type === "Identifier" && !findBinding(c, callee.name)) {
    const construct = findBuiltin(callee.name)?.parts.construct;
    const site = siteOf(node, `new ${callee.name}()`);
    if (construct) {
      return (frame) => {
        const list = args(frame);
        frame.run.site = site;
        charge(frame.run, 1);
        return construct(frame.run, undefined, list);
      };
    }
    const hint = callee.name === "Set" ? "Use .unique() on a list instead." : "Use a Code step for this.";
    return unsupported(c, node, `"new ${callee.name}"`, hint);
  }
  return unsupported(c, node, '"new"');
}

const CHANGES_LISTS = new Set(["push", "unshift"]);

/** What a call says about the whole template: does it differ per item, does it change lists. */
function noteEffects(c: Compiler, callee: MemberExpression): void {
  noteItem(c, callee);
  const name = callee.computed || callee.property.type !== "Identifier" ? undefined : callee.property.name;
  if (name === undefined || CHANGES_LISTS.has(name)) c.changesLists = true;
}
