// Destructuring: `{a, b: [c], ...rest} = value`, for parameters and declarations.
import type { ArrayPattern, ObjectPattern, Pattern } from "acorn";
import type { Evaluate, Frame } from "../functions.ts";
import { readKey, toKey } from "../read.ts";
import { fail, madeList, reserveKeys, reserveList, type Site } from "../run.ts";
import { iterate } from "../spread.ts";
import { isObject, setOwn, type Value, type ValueObject } from "../values.ts";
import { type Binding, type Compiler, declare, enter, leave, siteOf, unsupported } from "./compiler.ts";
import { compileExpression } from "./expression.ts";
import { staticKey } from "./literal.ts";

type Bind = (frame: Frame, value: Value) => void;
export type BindPattern = (frame: Frame, args: readonly Value[]) => void;

/** Binds a list of patterns to a list of values, as parameters and list patterns do. */
export function bindPattern(
  c: Compiler,
  pattern: { elements: readonly (Pattern | null)[] },
  kind: Binding["kind"],
): BindPattern {
  const parts: { bind: Bind; isRest: boolean }[] = [];
  for (const element of pattern.elements) {
    if (element === null) parts.push({ bind: () => undefined, isRest: false });
    else if (element.type === "RestElement")
      parts.push({ bind: bindTo(c, element.argument, kind), isRest: true });
    else parts.push({ bind: bindTo(c, element, kind), isRest: false });
  }
  return (frame, values) => {
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if (!part) continue;
      if (!part.isRest) part.bind(frame, values[i]);
      else {
        reserveList(frame.run, Math.max(0, values.length - i));
        part.bind(frame, madeList(frame.run, values.slice(i)));
      }
    }
  };
}

/** Binds one pattern to one value. */
export function bindTo(c: Compiler, pattern: Pattern, kind: Binding["kind"]): Bind {
  enter(c, pattern);
  const bind = bindKind(c, pattern, kind);
  leave(c);
  return bind;
}

function bindKind(c: Compiler, pattern: Pattern, kind: Binding["kind"]): Bind {
  switch (pattern.type) {
    case "Identifier": {
      // const and let were declared at the top of their block, so that functions above can see them.
      const hoisted = kind === "parameter" ? undefined : c.names.bindings.get(pattern.name);
      const { slot } = hoisted ?? declare(c, pattern, pattern.name, kind);
      return (frame, value) => {
        frame.slots[slot] = value;
      };
    }
    case "AssignmentPattern": {
      const fallback = compileExpression(c, pattern.right);
      const bind = bindTo(c, pattern.left, kind);
      return (frame, value) => bind(frame, value === undefined ? fallback(frame) : value);
    }
    case "ArrayPattern":
      return bindList(c, pattern, kind);
    case "ObjectPattern":
      return bindObject(c, pattern, kind);
    default:
      unsupported(c, pattern, "This pattern");
      return () => undefined;
  }
}

/** Declares the names of a pattern before the statements of its block are compiled. */
export function declareNames(c: Compiler, pattern: Pattern, kind: Binding["kind"]): void {
  enter(c, pattern);
  if (pattern.type === "Identifier") declare(c, pattern, pattern.name, kind);
  else if (pattern.type === "AssignmentPattern") declareNames(c, pattern.left, kind);
  else if (pattern.type === "RestElement") declareNames(c, pattern.argument, kind);
  else if (pattern.type === "ArrayPattern") {
    for (const element of pattern.elements) if (element) declareNames(c, element, kind);
  } else if (pattern.type === "ObjectPattern") {
    for (const property of pattern.properties) {
      declareNames(c, property.type === "RestElement" ? property : property.value, kind);
    }
  }
  leave(c);
}

function bindList(c: Compiler, pattern: ArrayPattern, kind: Binding["kind"]): Bind {
  const bind = bindPattern(c, pattern, kind);
  const site = siteOf(pattern, "list pattern");
  return (frame, value) => {
    frame.run.site = site;
    bind(frame, iterate(frame.run, value));
  };
}

function bindObject(c: Compiler, pattern: ObjectPattern, kind: Binding["kind"]): Bind {
  const parts: { key: (frame: Frame) => string; bind: Bind }[] = [];
  let rest: Bind | null = null;
  for (const property of pattern.properties) {
    if (property.type === "RestElement") rest = bindTo(c, property.argument, kind);
    else parts.push({ key: compileKey(c, property), bind: bindTo(c, property.value, kind) });
  }
  const site = siteOf(pattern, "object pattern");
  return (frame, value) => {
    const source = present(frame, value, site, c.lenient);
    const taken = new Set<string>();
    for (const part of parts) {
      const key = part.key(frame);
      if (rest !== null) taken.add(key);
      part.bind(frame, readKey(frame.run, source, key));
    }
    if (rest !== null) rest(frame, restOf(frame, source, taken));
  };
}

type PatternKey = { computed: boolean; key: Parameters<typeof staticKey>[0]["key"] };

function compileKey(c: Compiler, property: PatternKey): (frame: Frame) => string {
  if (property.computed) c.usesItem = true;
  else {
    const name = staticKey(property);
    if (name === "item") c.usesItem = true;
    return () => name;
  }
  const key: Evaluate = compileExpression(c, property.key);
  return (frame) => toKey(frame.run, key(frame));
}

function present(frame: Frame, value: Value, site: Site, lenient: boolean): Value {
  if (value !== null && value !== undefined) return value;
  if (lenient) return {};
  frame.run.site = site;
  throw fail(frame.run, "NULL_READ", "Cannot take apart a missing value.", "Give it a default: {a, b} = {}.");
}

function restOf(frame: Frame, source: Value, taken: ReadonlySet<string>): ValueObject {
  const rest: ValueObject = {};
  if (!isObject(source)) return rest;
  const keys = Object.keys(source);
  reserveKeys(frame.run, keys.length);
  for (const key of keys) if (!taken.has(key)) setOwn(rest, key, source[key]);
  return rest;
}
