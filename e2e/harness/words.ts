// The words of the app as people read them, from its own catalogues: a story that is told in every language names its
// controls by what they mean.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

type Catalogue = { [key: string]: string | Catalogue };

/** `words("builder:publish.button", { version: 1 })`: folder of the page, key, what is filled in. */
export type Words = (key: string, values?: Record<string, string | number>) => string;

export function wordsOf(language: "en" | "ar"): Words {
  return (key, values = {}) => {
    const [room = "", path = ""] = key.split(":");
    const file = new URL(`../../web/src/${room}/texts.${language}.json`, import.meta.url);
    let found: string | Catalogue | undefined = JSON.parse(readFileSync(file, "utf8")) as Catalogue;
    for (const part of path.split(".")) found = typeof found === "object" ? found[part] : undefined;
    assert.ok(typeof found === "string", `There are no words for ${key} in ${language}.`);
    return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  };
}
