// $jmespath: searching data with a query, under the same counted limits as everything else.
import { identityOf } from "../identity.ts";
import { parseJsonText } from "../jsonText.ts";
import { charge, fail, madeList, ownKeys, type Run, reserveKeys, reserveList } from "../run.ts";
import { isObject, setOwn, type Value, type ValueObject } from "../values.ts";
import { callFunction } from "./functions.ts";
import { tokensOf } from "./lexer.ts";
import { parseQuery, type Tree } from "./parser.ts";

const QUERY_LENGTH_MAX = 2000;

export function searchJson(run: Run, data: Value, query: string): Value {
  charge(run, 1 + query.length);
  const tokens = query.length <= QUERY_LENGTH_MAX ? tokensOf(query) : undefined;
  const tree = tokens && parseQuery(tokens);
  if (tree) return visit(run, tree, data);
  throw fail(
    run,
    "BAD_QUERY",
    "This is not a JMESPath query we can read.",
    "Check brackets and quotes; texts stand in '…'.",
  );
}

export function visit(run: Run, tree: Tree, data: Value): Value {
  charge(run, 1);
  switch (tree.type) {
    case "current":
      return data;
    case "field":
      return isObject(data) && Object.hasOwn(data, tree.name) ? (data[tree.name] ?? null) : null;
    case "literal":
      return tree.isRaw ? tree.text : literal(run, tree.text);
    case "sub":
      return sub(run, tree.left, tree.right, data);
    case "pipe":
      return visit(run, tree.right, visit(run, tree.left, data));
    case "and": {
      const left = visit(run, tree.left, data);
      return isTrue(run, left) ? visit(run, tree.right, data) : left;
    }
    case "or": {
      const left = visit(run, tree.left, data);
      return isTrue(run, left) ? left : visit(run, tree.right, data);
    }
    case "not":
      return !isTrue(run, visit(run, tree.of, data));
    case "compare":
      return compare(run, tree.operator, visit(run, tree.left, data), visit(run, tree.right, data));
    case "index": {
      const list = visit(run, tree.of, data);
      return Array.isArray(list) ? (list.at(tree.index) ?? null) : null;
    }
    case "slice":
      return slice(run, visit(run, tree.of, data), tree.bounds);
    case "project":
      return project(run, listOf(run, tree.kind, visit(run, tree.of, data)), tree.each);
    case "filter":
      return filter(run, visit(run, tree.of, data), tree.test, tree.each);
    case "list":
      return data === null
        ? null
        : madeList(
            run,
            tree.parts.map((part) => visit(run, part, data)),
          );
    case "object":
      return object(run, tree.parts, data);
    case "call":
      return callFunction(run, tree.name, tree.args, data);
    case "reference":
      throw fail(
        run,
        "BAD_QUERY",
        "& can only stand inside a function of the query.",
        "Write sort_by(list, &field).",
      );
  }
}

function literal(run: Run, text: string): Value {
  const trimmed = text.trim();
  return /^[[{"\-\d]|^(?:true|false|null)$/.test(trimmed) ? parseJsonText(run, trimmed) : trimmed;
}

function sub(run: Run, left: Tree, right: Tree, data: Value): Value {
  const value = visit(run, left, data);
  return value === null || value === undefined ? null : visit(run, right, value);
}

export function isTrue(run: Run, value: Value): boolean {
  if (value === null || value === undefined || value === "" || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || ownKeys(run, value).length > 0;
}

function compare(run: Run, operator: string, a: Value, b: Value): Value {
  if (operator === "==") return identityOf(run, a) === identityOf(run, b);
  if (operator === "!=") return identityOf(run, a) !== identityOf(run, b);
  if (typeof a !== "number" || typeof b !== "number") return null;
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  return operator === ">" ? a > b : a >= b;
}

function slice(run: Run, value: Value, [from, to, by = 1]: readonly (number | undefined)[]): Value {
  if (!Array.isArray(value)) return null;
  if (by === 0) throw fail(run, "BAD_QUERY", "A slice cannot go in steps of 0.", "Leave the step out.");
  const { length } = value;
  const bound = (index: number | undefined, fallback: number, least: number, most: number) =>
    index === undefined ? fallback : Math.max(least, Math.min(most, index < 0 ? index + length : index));
  const [start, end] =
    by > 0
      ? [bound(from, 0, 0, length), bound(to, length, 0, length)]
      : [bound(from, length - 1, -1, length - 1), bound(to, -1, -1, length - 1)];
  reserveList(run, Math.max(0, Math.ceil((end - start) / by)));
  const part: Value[] = [];
  for (let i = start; by > 0 ? i < end : i > end; i += by) part.push(value[i]);
  return madeList(run, part);
}

function listOf(run: Run, kind: "list" | "values" | "flat" | "slice", value: Value): Value[] | null {
  if (kind === "values") {
    if (!isObject(value)) return null;
    const keys = ownKeys(run, value);
    reserveList(run, keys.length);
    return keys.map((key) => value[key]);
  }
  if (!Array.isArray(value)) return null;
  if (kind !== "flat") return value;
  const flat: Value[] = [];
  for (const item of value) {
    const items = Array.isArray(item) ? item : [item];
    reserveList(run, items.length);
    for (const each of items) flat.push(each);
  }
  return flat;
}

function project(run: Run, list: readonly Value[] | null, each: Tree): Value {
  if (list === null) return null;
  reserveList(run, list.length);
  const results: Value[] = [];
  for (const item of list) {
    const result = visit(run, each, item);
    if (result !== null && result !== undefined) results.push(result);
  }
  return madeList(run, results);
}

function filter(run: Run, value: Value, test: Tree, each: Tree): Value {
  if (!Array.isArray(value)) return null;
  reserveList(run, value.length);
  return project(
    run,
    value.filter((item) => isTrue(run, visit(run, test, item))),
    each,
  );
}

function object(run: Run, parts: readonly (readonly [string, Tree])[], data: Value): Value {
  if (data === null) return null;
  reserveKeys(run, parts.length);
  const result: ValueObject = {};
  for (const [name, part] of parts) setOwn(result, name, visit(run, part, data));
  return result;
}
