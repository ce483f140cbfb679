// Every refusal that the server's sources name has a name in every language: a page can show it to anybody.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { languages } from "../i18n/languages.ts";

const server = fileURLToPath(new URL("../../../server/src", import.meta.url));
/** Said to programs alone, or in jest. */
const unseen = new Set(["TEA"]);

test("every code of a refusal has a name in every language", () => {
  const codes = new Map<string, string>();
  for (const file of globSync("**/*.ts", { cwd: server })) {
    if (/\.test\.ts$/.test(file)) continue;
    const source = readFileSync(join(server, file), "utf8");
    for (const [, code = ""] of source.matchAll(/\brefuse\(\s*\d{3},\s*"([A-Z][A-Z0-9_]+)"/g))
      codes.set(code, file);
  }
  assert.ok(codes.size > 100, `only ${codes.size} were found`);
  const wrong: string[] = [];
  for (const { code: language } of languages) {
    const file = new URL(`texts.${language}.json`, import.meta.url);
    const names = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    for (const [code, from] of codes)
      if (!unseen.has(code) && !names[code]) wrong.push(`${language} lacks ${code} of ${from}`);
  }
  assert.deepEqual(wrong, []);
});
