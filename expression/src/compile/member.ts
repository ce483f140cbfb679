// `a.b`, `a[b]`, `a?.b`: reading. In a chain, a missing value before `?.` skips the rest of the chain:
// the closures hand on SKIPPED and the end of the chain turns it into undefined.
import type { ChainExpression, Expression, MemberExpression } from "acorn";
import type { Evaluate } from "../functions.ts";
import { readComputed, readKey } from "../read.ts";
import { fail, type Run, type Site } from "../run.ts";
import { Opaque, type Value } from "../values.ts";
import { compileCall } from "./call.ts";
import { type Compiler, enter, leave, siteOf, unsupported } from "./compiler.ts";
import { compileExpression } from "./expression.ts";

class Skipped extends Opaque {
  readonly kind = "skipped";
}
export const SKIPPED: Value = new Skipped();

export function compileChain(c: Compiler, node: ChainExpression): Evaluate {
  const inner = compileLink(c, node.expression);
  return (frame) => {
    const value = inner(frame);
    return value === SKIPPED ? undefined : value;
  };
}

/** Compiles a part that may stand inside a chain and may give SKIPPED. */
export function compileLink(c: Compiler, node: Expression | MemberExpression["object"]): Evaluate {
  if (node.type !== "MemberExpression" && node.type !== "CallExpression") return compileExpression(c, node);
  enter(c, node);
  const link = node.type === "MemberExpression" ? compileMember(c, node) : compileCall(c, node);
  leave(c);
  return link;
}

export function compileMember(c: Compiler, node: MemberExpression): Evaluate {
  if (node.property.type === "PrivateIdentifier") return unsupported(c, node.property, "A private name");
  const target = compileLink(c, node.object);
  const { optional } = node;
  noteItem(c, node);
  if (!node.computed && node.property.type === "Identifier") {
    return readStatic(
      target,
      node.property.name,
      optional,
      c.lenient,
      siteOf(node.property, node.property.name),
    );
  }
  const key = compileExpression(c, node.property);
  return readDynamic(target, key, optional, c.lenient, siteOf(node.property, "[]"));
}

/** `.item` is the one property that depends on the current item; a computed name might be it. */
export function noteItem(c: Compiler, node: MemberExpression): void {
  if (!node.computed) {
    if (node.property.type === "Identifier" && ITEM_NAMES.has(node.property.name)) c.usesItem = true;
  } else if (node.property.type !== "Literal" || ITEM_NAMES.has(String(node.property.value)))
    c.usesItem = true;
}

const ITEM_NAMES = new Set(["item", "itemMatching", "random", "randomItem", "shuffle", "uuid"]);

function readStatic(
  target: Evaluate,
  key: string,
  optional: boolean,
  lenient: boolean,
  site: Site,
): Evaluate {
  return (frame) => {
    const base = target(frame);
    if (base === null || base === undefined) {
      if (optional) return SKIPPED;
      if (lenient) return undefined;
      throw nullRead(frame.run, key, site);
    }
    if (base === SKIPPED) return SKIPPED;
    return readKey(frame.run, base, key);
  };
}

function readDynamic(
  target: Evaluate,
  key: Evaluate,
  optional: boolean,
  lenient: boolean,
  site: Site,
): Evaluate {
  return (frame) => {
    const base = target(frame);
    if (base === SKIPPED) return SKIPPED;
    if (optional && (base === null || base === undefined)) return SKIPPED;
    const property = key(frame);
    if (base === null || base === undefined) {
      if (lenient) return undefined;
      throw nullRead(frame.run, typeof property === "object" ? "…" : String(property), site);
    }
    return readComputed(frame.run, base, property);
  };
}

export function nullRead(run: Run, key: string, site: Site) {
  run.site = site;
  const short = key.length > 40 ? `${key.slice(0, 40)}…` : key;
  return fail(
    run,
    "NULL_READ",
    `Cannot read "${short}" because the value before it is missing.`,
    "Use ?. to allow a missing value.",
  );
}
