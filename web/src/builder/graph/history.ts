// Undo and redo without a limit: the graph as it is, all changes, and how many of them are in it.
import { apply, type Change, diff, isEmptyChange } from "./change.ts";
import type { Graph } from "./graph.ts";

export type Step = {
  change: Change;
  /** What was done, as a catalogue key: "undo: move". */
  label: string;
  atMs: number;
  /** Steps with the same key that follow one another closely are one (letters typed into a field). */
  merge?: string;
};

export type History = { present: Graph; steps: readonly Step[]; done: number };

const MERGE_MS = 1_500;

export function newHistory(present: Graph): History {
  return { present, steps: [], done: 0 };
}

export function commit(history: History, next: Graph, about: Omit<Step, "change">): History {
  const last = history.steps[history.done - 1];
  const isSame =
    about.merge !== undefined &&
    last?.merge === about.merge &&
    about.atMs - last.atMs < MERGE_MS &&
    canMerge(history);
  const base = isSame ? apply(history.present, last.change, "undo") : history.present;
  const change = diff(base, next);
  const kept = history.steps.slice(0, isSame ? history.done - 1 : history.done);
  if (isEmptyChange(change))
    return isSame ? { present: next, steps: kept, done: kept.length } : { ...history, present: next };
  return { present: next, steps: [...kept, { ...about, change }], done: kept.length + 1 };
}

export function undo(history: History): History {
  const step = history.steps[history.done - 1];
  if (!step) return history;
  return { ...history, present: apply(history.present, step.change, "undo"), done: history.done - 1 };
}

export function redo(history: History): History {
  const step = history.steps[history.done];
  if (!step) return history;
  return { ...history, present: apply(history.present, step.change, "redo"), done: history.done + 1 };
}

/** Typing after an undo begins a new step. */
function canMerge(history: History): boolean {
  return history.done === history.steps.length;
}
