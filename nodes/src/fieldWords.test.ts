// The app shows the settings of nodes and of connections in the reader's language (web/src/nodeFields, connectionKinds): each
// field that has a title or a description here has one there, each choice that is a word as well, and no word is left of what
// is gone.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { isObject } from "@auraos/kernel";
import { credentialTypes } from "./credentials/credentialTypes.ts";
import { configSchema, nodeTypes } from "./index.ts";
import type { z } from "./schema.ts";

type Words = {
  kinds?: Record<string, { name?: string; description?: string }>;
  choices: Record<string, string>;
  types: Record<string, Record<string, { title?: string; help?: string; choices?: Record<string, string> }>>;
};
type Field = { path: string; title: unknown; help: unknown; choices: string[] };

/** Names of formats and methods, the same in every language. */
const code =
  /^([A-Z\d]+|EdDSA|[-_]|zip|gzip|hex|md5|base64(url)?|sha\d+|v\d|(utf|windows|iso|euc)-.+|shift_jis|big5|gb18030)$/;

const app = new URL("../../web/src/", import.meta.url);
const wordsIn = (folder: string): [string, Words][] =>
  globSync(`${folder}/texts.*.json`, { cwd: app }).map((file) => [
    file,
    JSON.parse(readFileSync(new URL(file, app), "utf8")) as Words,
  ]);

for (const [file, words] of wordsIn("nodeFields"))
  test(`${file} has words for every setting of every node type`, () => {
    assert.deepEqual(wrongIn(words, nodeTypes, 900), []);
  });

for (const [file, words] of wordsIn("connectionKinds"))
  test(`${file} has words for every kind of connection and its fields`, () => {
    assert.deepEqual(wrongIn(words, credentialTypes, 30), []);
    const { kinds = {} } = words;
    const unnamed = credentialTypes.filter(({ type }) => !kinds[type]?.name || !kinds[type]?.description);
    assert.deepEqual(unnamed, []);
    assert.equal(Object.keys(kinds).length, credentialTypes.length);
  });

function wrongIn(
  words: Words,
  types: readonly { type: string; schema: z.ZodType }[],
  least: number,
): string[] {
  const wrong: string[] = [];
  const known = new Set<string>();
  const offered = new Set<string>();
  for (const { type, schema } of types)
    for (const { path, title, help, choices } of fieldsOf(configSchema(schema))) {
      const own = words.types[type]?.[path] ?? {};
      known.add(`${type} ${path}`);
      if (title !== undefined && !own.title) wrong.push(`${type} ${path} has no title`);
      if (help !== undefined && !own.help) wrong.push(`${type} ${path} has no help`);
      for (const one of choices) {
        offered.add(one);
        if (!code.test(one) && !own.choices?.[one] && !words.choices[one])
          wrong.push(`${type} ${path}: ${one} has no name`);
      }
    }
  for (const [type, fields] of Object.entries(words.types))
    for (const path of Object.keys(fields))
      if (!known.has(`${type} ${path}`)) wrong.push(`${type} ${path} is no field`);
  for (const one of Object.keys(words.choices)) if (!offered.has(one)) wrong.push(`${one} is no choice`);
  assert.ok(known.size > least, `only ${known.size} fields were found`);
  return wrong;
}

/** As the app finds them (web/src/nodeFields/inWords.ts). */
function fieldsOf(schema: unknown, path = ""): Field[] {
  if (!isObject(schema)) return [];
  const { title, description: help, properties, items, additionalProperties } = schema;
  const choices = Array.isArray(schema.enum) ? schema.enum.map(String) : [];
  const isField = path !== "" && (title !== undefined || help !== undefined || choices.length > 0);
  return [
    ...(isField ? [{ path, title, help, choices }] : []),
    ...Object.entries(isObject(properties) ? properties : {}).flatMap(([name, one]) =>
      fieldsOf(one, path === "" ? name : `${path}.${name}`),
    ),
    ...fieldsOf(items, `${path}[]`),
    ...fieldsOf(additionalProperties, `${path}.*`),
    ...[schema.anyOf, schema.oneOf]
      .filter(Array.isArray)
      .flat()
      .flatMap((one, index) => fieldsOf(one, `${path}|${index}`)),
  ];
}
