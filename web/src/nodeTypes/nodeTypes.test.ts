// Every node type has a name and a description in each language that the server does not speak, and no word is left of a
// type that is gone. What types there are stands in the reference, which is written from them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { languages } from "../i18n/languages.ts";
import { inWords, type Words } from "./inWords.ts";

const reference = readFileSync(new URL("../../../docs/nodes.md", import.meta.url), "utf8");
const types = [...reference.matchAll(/^### .+ `([\w.]+)`$/gm)].map(([, type = ""]) => type);

for (const { code: language } of languages.filter(({ code }) => code !== "en"))
  test(`every node type has words in ${language}, each its own name`, () => {
    assert.ok(types.length >= 90, `only ${types.length} were found`);
    const file = new URL(`texts.${language}.json`, import.meta.url);
    const words = flat(JSON.parse(readFileSync(file, "utf8")));
    const wrong = types.filter((type) => !words.get(type)?.name || !words.get(type)?.description);
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      [...words.keys()].filter((type) => !types.includes(type)),
      [],
    );
    // Several reach the same service: that of a trigger may be that of an action, as in English.
    const names = types.filter((type) => !type.startsWith("trigger.")).map((type) => words.get(type)?.name);
    assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted());
  });

test("a type that has no words keeps those of the server", () => {
  const views = [
    { type: "set", name: "Set fields", description: "Writes." },
    { type: "own.one", name: "Own", description: "Ours." },
  ];
  const own = inWords(views, (type) =>
    type === "set" ? { name: "تعيين حقول", description: "يكتب." } : undefined,
  );
  assert.deepEqual(own, [
    { type: "set", name: "تعيين حقول", description: "يكتب.", englishName: "Set fields" },
    views[1],
  ]);
});

function flat(texts: Record<string, unknown>, before = ""): Map<string, Words> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]): [string, Words][] => {
      const one = value as Words & Record<string, unknown>;
      return typeof one.name === "string" ? [[`${before}${key}`, one]] : [...flat(one, `${before}${key}.`)];
    }),
  );
}
