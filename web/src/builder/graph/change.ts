// What one edit changed, both ways. Undo and redo are lists of these: small, plain data, good for storing.
// Invariant: apply(before, diff(before, after), "redo") equals after, and "undo" leads back.
import type { Graph } from "./graph.ts";

type ListChange =
  | { kind: "items"; items: { index: number; before: unknown; after: unknown }[] }
  | { kind: "splice"; index: number; before: unknown[]; after: unknown[] };

type FieldChange = { list: ListChange } | { before?: unknown; after?: unknown };

export type Change = Record<string, FieldChange>;

type Fields = Record<string, unknown>;

export function diff(before: Graph, after: Graph): Change {
  const change: Change = {};
  const [was, is] = [before as Fields, after as Fields];
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [a, b] = [was[key], is[key]];
    if (a === b) continue;
    if (Array.isArray(a) && Array.isArray(b)) change[key] = { list: diffList(a, b) };
    else
      change[key] = { ...(a === undefined ? {} : { before: a }), ...(b === undefined ? {} : { after: b }) };
  }
  return change;
}

export function isEmptyChange(change: Change): boolean {
  return Object.keys(change).length === 0;
}

export function apply(graph: Graph, change: Change, way: "undo" | "redo"): Graph {
  const next: Fields = { ...graph };
  for (const [key, field] of Object.entries(change)) {
    if ("list" in field) next[key] = applyList(next[key] as unknown[], field.list, way);
    else {
      const value = way === "undo" ? field.before : field.after;
      if (value === undefined) delete next[key];
      else next[key] = value;
    }
  }
  return next as Graph;
}

function diffList(a: readonly unknown[], b: readonly unknown[]): ListChange {
  if (a.length === b.length) {
    const items = a.flatMap((before, index) =>
      before === b[index] ? [] : [{ index, before, after: b[index] }],
    );
    return { kind: "items", items };
  }
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  return {
    kind: "splice",
    index: start,
    before: a.slice(start, a.length - end),
    after: b.slice(start, b.length - end),
  };
}

function applyList(list: readonly unknown[], change: ListChange, way: "undo" | "redo"): unknown[] {
  if (change.kind === "items") {
    const next = [...list];
    for (const { index, before, after } of change.items) next[index] = way === "undo" ? before : after;
    return next;
  }
  const [out, into] = way === "undo" ? [change.after, change.before] : [change.before, change.after];
  return list.toSpliced(change.index, out.length, ...into);
}
