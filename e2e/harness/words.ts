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

type Settings = { types: Record<string, Record<string, { title?: string }>> };

/** The name of a setting of a node type: that of the server, `inEnglish`, or what the app says instead. */
export function settingsOf(language: "en" | "ar"): (type: string, path: string, inEnglish: string) => string {
  if (language === "en") return (_, __, inEnglish) => inEnglish;
  const file = new URL(`../../web/src/nodeFields/texts.${language}.json`, import.meta.url);
  const { types } = JSON.parse(readFileSync(file, "utf8")) as Settings;
  return (type, path) => {
    const title = types[type]?.[path]?.title;
    assert.ok(title, `There is no name for ${path} of ${type} in ${language}.`);
    return title;
  };
}
