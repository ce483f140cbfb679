import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { commit, newHistory, redo, undo } from "./history.ts";
import { edits, graphs } from "./testing/graphs.ts";

test("every edit can be undone and redone, to exactly the same graph", () => {
  fc.assert(
    fc.property(graphs, fc.array(edits, { maxLength: 20 }), (graph, list) => {
      let history = newHistory(graph);
      const seen = [graph];
      for (const [index, edit] of list.entries()) {
        history = commit(history, edit(history.present), { label: "edit", atMs: index * 10_000 });
        if (history.steps.length === seen.length) seen.push(history.present);
      }
      // What is stored is plain data.
      history = { ...history, steps: structuredClone(history.steps) };
      for (const expected of seen.toReversed()) {
        assert.deepEqual(history.present, expected);
        history = undo(history);
      }
      for (const expected of seen) {
        assert.deepEqual(history.present, expected);
        history = redo(history);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});

test("letters typed in a row are one step; typing after an undo is another", () => {
  const typed = (name: string, atMs: number, from = newHistory({ name: "", nodes: [], connections: [] })) =>
    commit(from, { ...from.present, name }, { label: "name", atMs, merge: "name" });
  const word = typed("abc", 200, typed("ab", 100, typed("a", 0)));
  assert.equal(word.steps.length, 1);
  assert.equal(undo(word).present.name, "");
  const later = typed("abcd", 9_000, word);
  assert.equal(later.steps.length, 2);
  assert.equal(typed("abx", 9_100, undo(later)).steps.length, 2);
});

test("an edit that changes nothing is no step", () => {
  const history = newHistory({ name: "x", nodes: [], connections: [] });
  assert.equal(commit(history, history.present, { label: "none", atMs: 0 }).steps.length, 0);
});
