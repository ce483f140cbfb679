// The words of the app: none stands in a component, every language has all of them, and every key that is used exists.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { languages } from "./languages.ts";

const source = dirname(dirname(fileURLToPath(import.meta.url)));
const components = globSync("**/*.tsx", { cwd: source });
const catalogues = new Map(
  globSync("*/texts.*.json", { cwd: source }).map((file) => [
    file.replaceAll("\\", "/"),
    flat(readJson(file)),
  ]),
);
const plurals = /_(zero|one|two|few|many|other)$/;
const spoken = new Set([
  "aria-label",
  "aria-description",
  "title",
  "placeholder",
  "label",
  "alt",
  "help",
  "description",
]);

test("no component holds words of its own", () => {
  const wrong = components.flatMap((file) =>
    wordsIn(file).map((words) => `${file}: “${words}” belongs into texts.*.json`),
  );
  assert.deepEqual(wrong, []);
});

test("every language says everything", () => {
  const wrong: string[] = [];
  for (const [file, texts] of catalogues) {
    if (!file.endsWith("texts.en.json")) continue;
    const keys = new Set([...texts.keys()].map((key) => key.replace(plurals, "")));
    for (const { code } of languages) {
      const other = catalogues.get(file.replace(".en.", `.${code}.`));
      const known = new Set([...(other?.keys() ?? [])].map((key) => key.replace(plurals, "")));
      for (const key of keys.difference(known)) wrong.push(`${file}: ${code} lacks ${key}`);
      for (const key of known.difference(keys))
        wrong.push(`${file}: ${code} has ${key}, which nobody asks for`);
      for (const key of other?.keys() ?? []) {
        if (!plurals.test(key)) continue;
        const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
        const base = key.replace(plurals, "");
        for (const form of forms)
          if (!other?.has(`${base}_${form}`)) wrong.push(`${file}: ${code} lacks ${base}_${form}`);
      }
    }
  }
  assert.deepEqual([...new Set(wrong)], []);
});

test("translations keep the places that are filled in", () => {
  const wrong: string[] = [];
  for (const [file, texts] of catalogues) {
    const english = catalogues.get(file.replace(/\.\w+\.json$/, ".en.json"));
    for (const [key, text] of texts) {
      const original = english?.get(key) ?? english?.get(key.replace(plurals, "_other"));
      if (original === undefined) continue;
      // None, one and two are often said without the number, and then without the rest.
      if (/_(zero|one|two)$/.test(key)) continue;
      const places = (of: string) => (of.match(/\{\{\s*\w+\s*\}\}/g) ?? []).sort();
      if (String(places(text)) !== String(places(original))) wrong.push(`${file}: ${key}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("every key that is written out exists", () => {
  const wrong: string[] = [];
  for (const file of globSync("**/*.{ts,tsx}", { cwd: source })) {
    if (file.endsWith(".test.ts")) continue;
    const code = readFileSync(join(source, file), "utf8");
    const namespace = /useTranslation\("(\w+)"\)/.exec(code)?.[1];
    if (namespace === undefined) continue;
    for (const [, key = ""] of code.matchAll(/\bt\("([\w.:]+)"/g)) {
      const [own, name] = key.includes(":") ? (key.split(":") as [string, string]) : [namespace, key];
      const namespaces = key.includes(":")
        ? [own]
        : [...code.matchAll(/useTranslation\("(\w+)"\)/g)].map(([, one = ""]) => one);
      const isThere = namespaces.some((one) => {
        const texts = catalogues.get(`${one}/texts.en.json`);
        return texts?.has(name) || texts?.has(`${name}_other`);
      });
      if (!isThere) wrong.push(`${relative(source, join(source, file))}: ${key}`);
    }
  }
  assert.deepEqual(wrong, []);
});

type Node = { type: string; [name: string]: unknown };

function wordsIn(file: string): string[] {
  const { program } = parseSync(file, readFileSync(join(source, file), "utf8"));
  const found: string[] = [];
  walk(program as unknown as Node, (node) => {
    if (node.type === "JSXText" && hasWord(node.value)) found.push(String(node.value).trim());
    if (node.type === "JSXExpressionContainer") {
      const inner = node.expression as Node;
      if (inner.type === "Literal" && node.isChild && hasWord(inner.value)) found.push(String(inner.value));
    }
    if (node.type === "JSXAttribute") {
      const name = (node.name as Node).name;
      const value = node.value as Node | null;
      if (spoken.has(String(name)) && value?.type === "Literal" && hasWord(value.value))
        found.push(String(value.value));
    }
  });
  return found;
}

function hasWord(value: unknown): boolean {
  return typeof value === "string" && /\p{L}{2,}/u.test(value);
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [name, child] of Object.entries(node)) {
    for (const one of Array.isArray(child) ? child : [child]) {
      if (typeof one !== "object" || one === null || typeof (one as Node).type !== "string") continue;
      if (name === "children") (one as Node).isChild = true;
      walk(one as Node, visit);
    }
  }
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(source, file), "utf8")) as Record<string, unknown>;
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
