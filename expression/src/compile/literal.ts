// Literals: numbers, texts, patterns, templates, lists and objects.
import type { ArrayExpression, Literal, ObjectExpression, Property, TemplateLiteral } from "acorn";
import { toText } from "../convert.ts";
import type { Evaluate, Frame } from "../functions.ts";
import { toKey } from "../read.ts";
import { compilePattern } from "../regex/pattern.ts";
import { RegexValue } from "../regex/regexValue.ts";
import { growText, madeList, reserveKeys, reserveList } from "../run.ts";
import { spreadInto, spreadKeys } from "../spread.ts";
import { setOwn, type Value, type ValueObject } from "../values.ts";
import { type Compiler, constant, problem, siteOf, unsupported } from "./compiler.ts";
import { compileExpression } from "./expression.ts";

const PATTERN_WEIGHT = 20;
const PATTERNS_WEIGHT_MAX = 16_000;

export function compileLiteral(c: Compiler, node: Literal): Evaluate {
  if (node.regex) {
    const pattern = compilePattern(node.regex.pattern, node.regex.flags);
    if (!pattern.ok) return problem(c, node, "UNSAFE_PATTERN", pattern.message, pattern.hint);
    c.patternWeight += pattern.pattern.judged.weight + PATTERN_WEIGHT;
    if (c.patternWeight > PATTERNS_WEIGHT_MAX) {
      return problem(
        c,
        node,
        "UNSAFE_PATTERN",
        "The patterns of this field are too large together.",
        "Use fewer repeats.",
      );
    }
    return constant(new RegexValue(pattern.pattern));
  }
  const { value } = node;
  if (typeof value === "bigint" || node.bigint) return unsupported(c, node, "A BigInt");
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
  ) {
    return constant(value);
  }
  return unsupported(c, node, "This literal");
}

export function compileTemplateLiteral(c: Compiler, node: TemplateLiteral): Evaluate {
  const texts = node.quasis.map((quasi) => quasi.value.cooked ?? "");
  const parts = node.expressions.map((part) => compileExpression(c, part));
  const site = siteOf(node, "template text");
  return (frame) => {
    let text = texts[0] ?? "";
    const { run } = frame;
    for (let i = 0; i < parts.length; i++) {
      const value = parts[i]?.(frame);
      run.site = site;
      const part = toText(run, value);
      growText(run, text.length + part.length, part.length);
      text += part + (texts[i + 1] ?? "");
    }
    return text;
  };
}

export function compileArray(c: Compiler, node: ArrayExpression): Evaluate {
  const site = siteOf(node, "list");
  const parts: { evaluate: Evaluate; isSpread: boolean }[] = [];
  let hasSpread = false;
  for (const element of node.elements) {
    if (element === null) {
      problem(
        c,
        node,
        "NOT_SUPPORTED",
        "A list cannot have holes.",
        "Write undefined or null for an empty place.",
      );
      continue;
    }
    const isSpread = element.type === "SpreadElement";
    hasSpread ||= isSpread;
    parts.push({ evaluate: compileExpression(c, isSpread ? element.argument : element), isSpread });
  }
  return (frame) => {
    const { run } = frame;
    const list: Value[] = [];
    run.site = site;
    reserveList(run, parts.length);
    for (const part of parts) {
      const value = part.evaluate(frame);
      if (hasSpread && part.isSpread) {
        run.site = site;
        spreadInto(run, list, value);
      } else list.push(value);
    }
    return madeList(run, list);
  };
}

type Entry = (frame: Frame, target: ValueObject) => void;

export function compileObject(c: Compiler, node: ObjectExpression): Evaluate {
  const entries: Entry[] = [];
  const site = siteOf(node, "object");
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      const source = compileExpression(c, property.argument);
      entries.push((frame, target) => {
        const value = source(frame);
        frame.run.site = site;
        spreadKeys(frame.run, target, value);
      });
    } else {
      entries.push(compileEntry(c, property));
    }
  }
  return (frame) => {
    frame.run.site = site;
    reserveKeys(frame.run, entries.length);
    const target: ValueObject = {};
    for (const entry of entries) entry(frame, target);
    return target;
  };
}

function compileEntry(c: Compiler, property: Property): Entry {
  if (property.kind !== "init") {
    unsupported(c, property, "A getter or setter");
    return () => undefined;
  }
  const value = compileExpression(c, property.value);
  if (property.computed) {
    const key = compileExpression(c, property.key);
    return (frame, target) => setOwn(target, toKey(frame.run, key(frame)), value(frame));
  }
  const name = staticKey(property);
  return (frame, target) => setOwn(target, name, value(frame));
}

export function staticKey(property: { key: Property["key"] }): string {
  if (property.key.type === "Identifier") return property.key.name;
  return property.key.type === "Literal" ? String(property.key.value) : "";
}
