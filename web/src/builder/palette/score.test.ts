import assert from "node:assert/strict";
import { test } from "node:test";
import { score } from "./score.ts";

const types = [
  ["HTTP request", "Calls a web service for each item.", "api rest call fetch"],
  ["If", "Sends each item to true or false, by a condition.", "branch compare decision"],
  ["Approval", "Asks a person, with a form if wished.", "human confirm"],
  ["For each", "Runs its body for each item.", "loop iterate batch"],
];

function best(search: string): string | undefined {
  const fits = types
    .map((words) => ({ name: words[0], fit: score("", search, words) }))
    .filter(({ fit }) => fit > 0);
  return fits.toSorted((a, b) => b.fit - a.fit)[0]?.name;
}

test("names come first, then other words for it, then descriptions", () => {
  assert.equal(best("if"), "If");
  assert.equal(best("loop"), "For each");
  assert.equal(best("request"), "HTTP request");
  assert.equal(best("person"), "Approval");
  assert.equal(best("call service"), "HTTP request");
});

test("letters in order are enough, nonsense is not", () => {
  assert.equal(best("hrq"), "HTTP request");
  assert.equal(best("zzz"), undefined);
});
