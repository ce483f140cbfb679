// Words reach each place of a schema; what has none keeps the server's. That every field of every node type has some is
// tested beside the node types (nodes/src/fieldWords.test.ts).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schema } from "../builder/types/schema.ts";
import { settingsInWords } from "./inWords.ts";

const schema: Schema = {
  type: "object",
  properties: {
    mode: { enum: ["all", "GET"], title: "Mode", description: "Which." },
    pages: {
      type: "array",
      title: "Pages",
      items: { type: "object", properties: { title: { title: "Title" } } },
    },
    when: {
      type: "object",
      title: "When",
      additionalProperties: { anyOf: [{ description: "A." }, { description: "B." }] },
    },
    auth: { title: "Auth", oneOf: [{ description: "Basic", properties: { user: { title: "User" } } }] },
    own: { title: "Own", description: "Ours." },
  },
};
const words = {
  choices: { all: "الكل" },
  types: {
    here: {
      mode: { title: "الطريقة", help: "أيها." },
      "pages[].title": { title: "العنوان" },
      "when.*|1": { help: "باء." },
      "auth|0.user": { title: "المستخدم" },
    },
  },
};

test("each place has its words, others stay", () => {
  const views = [
    { type: "here", schema },
    { type: "elsewhere", schema },
  ];
  const [here, elsewhere] = settingsInWords(views, words);
  assert.equal(elsewhere, views[1]);
  const { mode, pages, when, auth, own } = (here?.schema as Schema | undefined)?.properties ?? {};
  assert.deepEqual(mode, {
    enum: ["all", "GET"],
    title: "الطريقة",
    description: "أيها.",
    choiceNames: { all: "الكل" },
  });
  assert.equal(pages?.title, "Pages");
  assert.equal(pages?.items?.properties?.title?.title, "العنوان");
  const forms = (when?.additionalProperties as Schema | undefined)?.anyOf ?? [];
  assert.deepEqual(
    forms.map(({ description }) => description),
    ["A.", "باء."],
  );
  assert.equal(auth?.oneOf?.[0]?.description, "Basic");
  assert.equal(auth?.oneOf?.[0]?.properties?.user?.title, "المستخدم");
  assert.deepEqual(own, { title: "Own", description: "Ours." });
});

test("without words nothing changes", () => {
  const views = [{ type: "here", schema }];
  assert.deepEqual(settingsInWords(views, undefined), views);
});
