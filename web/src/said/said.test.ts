// Every sentence that the server can say has a text in every language, with nothing but what the server sends in it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sentences } from "@auraos/contract";
import i18next from "i18next";
import { languages } from "../i18n/languages.ts";
import { createFormat } from "../i18n/useFormat.ts";
import { spoken } from "./spoken.ts";

const codes = Object.entries<string | { one: string; other: string }>(sentences);

for (const { code: language } of languages) {
  const texts = JSON.parse(readFileSync(new URL(`texts.${language}.json`, import.meta.url), "utf8"));
  const all = flat(texts);

  test(`${language} has every sentence`, () => {
    const wrong: string[] = [];
    for (const [code, english] of codes) {
      const forms =
        typeof english === "string"
          ? [code]
          : new Intl.PluralRules(language).resolvedOptions().pluralCategories.map((one) => `${code}_${one}`);
      const sent = namesOf(typeof english === "string" ? english : english.other, /\{(\w+)\}/g);
      if (sent.has("count")) sent.add("shown");
      for (const form of forms) {
        const text = all.get(form);
        if (text === undefined) wrong.push(`${form} has no text`);
        for (const name of namesOf(text ?? "", /\{\{\s*(\w+)/g))
          if (!sent.has(name)) wrong.push(`${form} shows ${name}, which the server does not send`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test(`${language} has no sentence that the server does not know`, () => {
    const known = new Set(codes.map(([code]) => code));
    const unknown = [...all.keys()]
      .filter((key) => !key.startsWith("words."))
      .filter((key) => !known.has(key) && !known.has(key.replace(/_(zero|one|two|few|many|other)$/, "")));
    assert.deepEqual(unknown, []);
  });

  test(`${language} fills every sentence in`, async () => {
    const i18n = i18next.createInstance();
    await i18n.init({
      lng: language,
      resources: { [language]: { said: texts } },
      interpolation: { escapeValue: false },
    });
    const format = createFormat(language);
    for (const [code, english] of codes) {
      const names = namesOf(typeof english === "string" ? english : english.other, /\{(\w+)\}/g);
      for (const count of [0, 1, 2, 3, 11, 100]) {
        const values = Object.fromEntries([...names].map((name) => [name, name === "count" ? count : "X"]));
        const text = i18n.t(code, { ns: "said", ...spoken(values, format) });
        assert.notEqual(text, code);
        assert.doesNotMatch(text, /[{}]|undefined|NaN/, `${code}: ${text}`);
      }
    }
  });
}

test("numbers, moments and durations are written as the reader writes them, names keep their direction", () => {
  const said = spoken(
    {
      at: "2026-11-26T06:30:00.000Z",
      seconds: 90,
      minutes: 60,
      percent: 12.5,
      used: 1200,
      pool: "db",
      wanted: "success",
    },
    createFormat("en"),
    (key) => (key === "words.wanted.success" ? "an end" : undefined),
  );
  assert.match(String(said.at), /Nov 26, 2026/);
  assert.equal(said.seconds, "1 min 30 sec");
  assert.equal(said.minutes, "1 hr");
  assert.equal(said.percent, "12.5%");
  assert.equal(said.used, "1,200");
  assert.equal(said.pool, "db");
  assert.equal(spoken({ pool: "قاعدة" }, createFormat("en")).pool, "\u2068قاعدة\u2069");
  assert.equal(spoken({ pool: "db" }, createFormat("ar")).pool, "\u2068db\u2069");
  assert.equal(said.wanted, "an end");
  assert.equal(spoken({ made: "2026-11-26T12:00:00.000Z" }, createFormat("en")).made, "Nov 26, 2026");
});

function namesOf(text: string, place: RegExp): Set<string> {
  return new Set([...text.matchAll(place)].map(([, name = ""]) => name));
}

function flat(texts: Record<string, unknown>, before = ""): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === "string"
        ? [[`${before}${key}`, value] as [string, string]]
        : [...flat(value as Record<string, unknown>, `${before}${key}.`)],
    ),
  );
}
