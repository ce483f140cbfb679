// However somebody writes a folder or a tag, it is one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { filingBody, filingQuery } from "./filing.ts";

test("a folder is a path of names, without what people leave around them", () => {
  const folderOf = (folder: string) => filingBody.parse({ folder }).folder;
  assert.equal(folderOf("Sales/Reports"), "Sales/Reports");
  assert.equal(folderOf(" / Sales //  Weekly   reports / "), "Sales/Weekly reports");
  assert.equal(folderOf("/"), "");
  assert.equal(folderOf("Cafe\u0301"), "Caf\u00e9");
  assert.equal(filingQuery.folder.parse("Sales/"), "Sales");
});

test("tags are words: trimmed, not empty, each once, the first spelling stays", () => {
  assert.deepEqual(filingBody.parse({ tags: [" prod ", "Prod", "two  words"] }).tags, ["prod", "two words"]);
  assert.deepEqual(filingBody.parse({ tags: [] }).tags, []);
});

test("what is too much, or would not be seen, is refused", () => {
  const refused: unknown[] = [
    { folder: "x".repeat(201) },
    // Each of these letters is two when it is written the one way there is.
    { folder: "\u0958".repeat(150) },
    { folder: "Sales\nReports" },
    { folder: "Sales\u0000" },
    { tags: Array.from({ length: 21 }, (_, index) => `t${index}`) },
    { tags: ["x".repeat(51)] },
    { tags: ["   "] },
    { tags: ["a,b"] },
    { tags: ["tab\there"] },
    { owner: "ann" },
    { name: "no part of the filing" },
  ];
  for (const body of refused) assert.equal(filingBody.safeParse(body).success, false, JSON.stringify(body));
  assert.equal(filingBody.safeParse({ folder: "x".repeat(200), tags: ["x".repeat(50)] }).success, true);
});
