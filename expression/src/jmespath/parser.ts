// JMESPath queries to trees, by precedence. A query is short and shallow: depth and size are bounded.
import type { Token } from "./lexer.ts";

export type Tree =
  | { readonly type: "current" }
  | { readonly type: "field"; readonly name: string }
  | { readonly type: "literal"; readonly text: string; readonly isRaw: boolean }
  | { readonly type: "sub" | "pipe" | "and" | "or"; readonly left: Tree; readonly right: Tree }
  | { readonly type: "compare"; readonly operator: string; readonly left: Tree; readonly right: Tree }
  | { readonly type: "not" | "reference"; readonly of: Tree }
  | { readonly type: "index"; readonly of: Tree; readonly index: number }
  | { readonly type: "slice"; readonly of: Tree; readonly bounds: readonly (number | undefined)[] }
  | {
      readonly type: "project";
      readonly kind: "list" | "values" | "flat" | "slice";
      readonly of: Tree;
      readonly each: Tree;
    }
  | { readonly type: "filter"; readonly of: Tree; readonly test: Tree; readonly each: Tree }
  | { readonly type: "list"; readonly parts: readonly Tree[] }
  | { readonly type: "object"; readonly parts: readonly (readonly [string, Tree])[] }
  | { readonly type: "call"; readonly name: string; readonly args: readonly Tree[] };

const DEPTH_MAX = 40;
const SIZE_MAX = 300;

// How tightly a sign holds its two sides together.
const POWER: ReadonlyMap<string, number> = new Map([
  ["|", 1],
  ["||", 2],
  ["&&", 3],
  ["==", 5],
  ["!=", 5],
  ["<", 5],
  ["<=", 5],
  [">", 5],
  [">=", 5],
  ["[]", 9],
  ["*", 20],
  ["[?", 21],
  [".", 40],
  ["!", 45],
  ["{", 50],
  ["[", 55],
  ["(", 60],
]);
const PROJECTION_STOP = 10;
const CURRENT: Tree = { type: "current" };

class Unreadable extends Error {}

type Reader = { readonly tokens: readonly Token[]; at: number; depth: number; size: number };

/** undefined when the query is not JMESPath, or larger than we read. */
export function parseQuery(tokens: readonly Token[]): Tree | undefined {
  const reader: Reader = { tokens, at: 0, depth: 0, size: 0 };
  try {
    const tree = expression(reader, 0);
    return peek(reader).type === "end" ? tree : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function peek(reader: Reader): Token {
  return reader.tokens[reader.at] ?? { type: "end" };
}

function sign(reader: Reader): string {
  const token = peek(reader);
  return token.type === "sign" ? token.text : "";
}

function accept(reader: Reader, text: string): boolean {
  if (sign(reader) !== text) return false;
  reader.at++;
  return true;
}

function expect(reader: Reader, text: string): void {
  if (!accept(reader, text)) throw new Unreadable();
}

function expression(reader: Reader, power: number): Tree {
  if (++reader.depth > DEPTH_MAX) throw new Unreadable();
  let left = prefix(reader);
  while (power < (POWER.get(sign(reader)) ?? 0)) {
    if (++reader.size > SIZE_MAX) throw new Unreadable();
    left = infix(reader, left);
  }
  reader.depth--;
  return left;
}

function prefix(reader: Reader): Tree {
  const token = peek(reader);
  reader.at++;
  if (token.type === "name") {
    if (!token.isQuoted && accept(reader, "("))
      return { type: "call", name: token.text, args: list(reader, ")") };
    return { type: "field", name: token.text };
  }
  if (token.type === "literal" || token.type === "raw")
    return { type: "literal", text: token.text, isRaw: token.type === "raw" };
  if (token.type !== "sign") throw new Unreadable();
  switch (token.text) {
    case "@":
      return CURRENT;
    case "!":
      return { type: "not", of: expression(reader, 45) };
    case "&":
      return { type: "reference", of: expression(reader, 0) };
    case "(": {
      const inner = expression(reader, 0);
      expect(reader, ")");
      return inner;
    }
    case "*":
      return { type: "project", kind: "values", of: CURRENT, each: projected(reader, 20) };
    case "[]":
      return { type: "project", kind: "flat", of: CURRENT, each: projected(reader, 9) };
    case "[?":
      return filter(reader, CURRENT);
    case "{":
      return object(reader);
    case "[":
      return isBracketSpecifier(reader)
        ? bracket(reader, CURRENT)
        : { type: "list", parts: list(reader, "]") };
    default:
      throw new Unreadable();
  }
}

function infix(reader: Reader, left: Tree): Tree {
  const operator = sign(reader);
  reader.at++;
  switch (operator) {
    case ".":
      if (accept(reader, "*"))
        return { type: "project", kind: "values", of: left, each: projected(reader, 20) };
      return { type: "sub", left, right: afterDot(reader, 40) };
    case "|":
      return { type: "pipe", left, right: expression(reader, 1) };
    case "||":
      return { type: "or", left, right: expression(reader, 2) };
    case "&&":
      return { type: "and", left, right: expression(reader, 3) };
    case "[]":
      return { type: "project", kind: "flat", of: left, each: projected(reader, 9) };
    case "[?":
      return filter(reader, left);
    case "[":
      return bracket(reader, left);
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { type: "compare", operator, left, right: expression(reader, 5) };
    default:
      throw new Unreadable();
  }
}

function afterDot(reader: Reader, power: number): Tree {
  const token = peek(reader);
  if (token.type === "name") return expression(reader, power);
  if (accept(reader, "[")) return { type: "list", parts: list(reader, "]") };
  if (accept(reader, "{")) return object(reader);
  throw new Unreadable();
}

function projected(reader: Reader, power: number): Tree {
  const next = sign(reader);
  if ((POWER.get(next) ?? 0) < PROJECTION_STOP) return CURRENT;
  if (next === "[" || next === "[?") return expression(reader, power);
  if (!accept(reader, ".")) throw new Unreadable();
  if (accept(reader, "*"))
    return { type: "project", kind: "values", of: CURRENT, each: projected(reader, 20) };
  return afterDot(reader, power);
}

function filter(reader: Reader, of: Tree): Tree {
  const test = expression(reader, 0);
  expect(reader, "]");
  const each = sign(reader) === "[]" ? CURRENT : projected(reader, 21);
  return { type: "filter", of, test, each };
}

function isBracketSpecifier(reader: Reader): boolean {
  const token = peek(reader);
  const next = reader.tokens[reader.at + 1];
  if (token.type === "number") return true;
  if (token.type !== "sign") return false;
  return token.text === ":" || (token.text === "*" && next?.type === "sign" && next.text === "]");
}

function bracket(reader: Reader, of: Tree): Tree {
  if (accept(reader, "*")) {
    expect(reader, "]");
    return { type: "project", kind: "list", of, each: projected(reader, 20) };
  }
  const bounds: (number | undefined)[] = [undefined, undefined, undefined];
  let colons = 0;
  for (;;) {
    const token = peek(reader);
    reader.at++;
    if (token.type === "number") bounds[colons] = token.value;
    else if (token.type === "sign" && token.text === ":" && colons < 2) colons++;
    else if (token.type === "sign" && token.text === "]") break;
    else throw new Unreadable();
  }
  if (colons > 0)
    return { type: "project", kind: "slice", of: { type: "slice", of, bounds }, each: projected(reader, 20) };
  if (bounds[0] === undefined) throw new Unreadable();
  return { type: "index", of, index: bounds[0] };
}

function list(reader: Reader, end: string): Tree[] {
  const parts: Tree[] = [];
  if (accept(reader, end)) return parts;
  do {
    if (++reader.size > SIZE_MAX) throw new Unreadable();
    parts.push(expression(reader, 0));
  } while (accept(reader, ","));
  expect(reader, end);
  return parts;
}

function object(reader: Reader): Tree {
  const parts: [string, Tree][] = [];
  do {
    const token = peek(reader);
    if (token.type !== "name" || ++reader.size > SIZE_MAX) throw new Unreadable();
    reader.at++;
    expect(reader, ":");
    parts.push([token.text, expression(reader, 0)]);
  } while (accept(reader, ","));
  expect(reader, "}");
  return { type: "object", parts };
}
