// What the check of settings says has a text for readers of other languages; other problems are named by their code, with the
// compiler's English beside it.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { compileTemplate } from "@auraos/expression";
import i18next from "i18next";
import { checkBySchema } from "../builder/types/checkBySchema.ts";
import type { Schema } from "../builder/types/schema.ts";
import { languages } from "../i18n/languages.ts";
import { createFormat } from "../i18n/useFormat.ts";
import { told } from "./told.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const others = languages.map(({ code }) => code).filter((code) => code !== "en");

const schema: Schema = {
  type: "object",
  required: ["url"],
  additionalProperties: false,
  properties: {
    url: { type: "string", minLength: 3, pattern: "^h" },
    count: { type: "integer", minimum: 1, maximum: 5 },
    share: { type: "number", exclusiveMinimum: 0 },
    mode: { enum: ["all", "each"] },
    kind: { const: "only" },
    list: { type: "array", minItems: 1 },
    none: { type: "object", properties: {}, additionalProperties: false },
  },
};
const configs = [
  {},
  { url: "" },
  { url: "h" },
  { url: "abc" },
  { url: "http", urll: 1 },
  { url: "http", none: { more: 1 } },
  ...[0, 6, 0.5].map((count) => ({ url: "http", count })),
  { url: "http", share: 0 },
  { url: "http", mode: "some" },
  { url: "http", kind: "other" },
  { url: "http", list: [] },
];
const problems = configs.flatMap((config) => checkBySchema(schema, config));

test("these are all that the check can say", () => {
  const source = read("../builder/types/checkBySchema.ts");
  const keys = [...source.matchAll(/\bmust\(\s*"(\w+)"/g)].map(([, key = ""]) => key);
  const said = new Set(problems.map((one) => one.said?.key));
  assert.deepEqual(
    [...said].toSorted(),
    [...new Set([...keys, "missing", "unknown", "unneeded"])].toSorted(),
  );
});

for (const language of others) {
  test(`all of it in ${language}, without a word of English and with its values`, async () => {
    const { t, format } = await reader(language);
    for (const problem of problems) {
      const { message, remedy } = told({ code: "", remedy: "", ...problem }, t, format);
      const text = `${message} ${remedy}`.replaceAll(/\u2068[^\u2069]*\u2069/g, "");
      assert.doesNotMatch(text, /[a-z{}]|undefined/i, `${problem.said?.key}: ${text}`);
      for (const value of Object.values(problem.said?.values ?? {}))
        if (typeof value === "number") assert.ok(message.includes(format.number(value)), message);
    }
  });

  test(`an expression that cannot be read is named in ${language}, and what it is about stays`, async () => {
    const { t, format } = await reader(language);
    const compiled = compileTemplate("{{ $json.a == }}", { mode: "strict" });
    assert.ok(!compiled.ok);
    const [problem] = compiled.problems.map(({ code, message, hint }) => ({ code, message, remedy: hint }));
    assert.ok(problem);
    const { message, remedy } = told(problem, t, format);
    assert.doesNotMatch(message, /[a-z]/i);
    assert.ok(remedy.includes(problem.message) && remedy.includes(problem.remedy));
  });
}

test("a reader of English has what was said", async () => {
  const { t, format } = await reader("en");
  const problem = { code: "SYNTAX", message: "No.", remedy: "Yes." };
  assert.equal(told(problem, t, format), problem);
});

async function reader(language: string) {
  const i18n = i18next.createInstance();
  const folders = globSync("{problems,errors}/texts.*.json", { cwd: new URL("..", import.meta.url) });
  const texts = folders
    .filter((file) => file.endsWith(`.${language}.json`))
    .map((file) => [file.split(/[/\\]/)[0] ?? "", JSON.parse(read(`../${file}`))]);
  await i18n.init({
    lng: language,
    resources: { [language]: Object.fromEntries(texts) },
    interpolation: { escapeValue: false },
  });
  return { t: i18n.t, format: createFormat(language) };
}
