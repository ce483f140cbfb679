// The app shows the settings of nodes in the reader's language (web/src/nodeFields): each field that has a title or a
// description here has one there, each choice that is a word as well, and no word is left of what is gone.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { isObject } from "@auraos/kernel";
import { configSchema, nodeTypes } from "./index.ts";

type Words = {
  choices: Record<string, string>;
  types: Record<string, Record<string, { title?: string; help?: string; choices?: Record<string, string> }>>;
};
type Field = { path: string; title: unknown; help: unknown; choices: string[] };

const folder = new URL("../../web/src/nodeFields/", import.meta.url);
/** Names of formats and methods, the same in every language. */
const code =
  /^([A-Z\d]+|EdDSA|[-_]|zip|gzip|hex|md5|base64(url)?|sha\d+|v\d|(utf|windows|iso|euc)-.+|shift_jis|big5|gb18030)$/;

for (const file of globSync("texts.*.json", { cwd: folder })) {
  const words = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Words;

  test(`${file} has words for every field of every node type`, () => {
    const wrong: string[] = [];
    const known = new Set<string>();
    for (const { type, schema } of nodeTypes)
      for (const { path, title, help, choices } of fieldsOf(configSchema(schema))) {
        const own = words.types[type]?.[path] ?? {};
        known.add(`${type} ${path}`);
        if (title !== undefined && !own.title) wrong.push(`${type} ${path} has no title`);
        if (help !== undefined && !own.help) wrong.push(`${type} ${path} has no help`);
        for (const one of choices)
          if (!code.test(one) && !own.choices?.[one] && !words.choices[one])
            wrong.push(`${type} ${path}: ${one} has no name`);
      }
    for (const [type, fields] of Object.entries(words.types))
      for (const path of Object.keys(fields))
        if (!known.has(`${type} ${path}`)) wrong.push(`${type} ${path} is no field`);
    assert.ok(known.size > 900, `only ${known.size} fields were found`);
    assert.deepEqual(wrong, []);
  });

  test(`${file} names a choice once`, () => {
    const offered = new Set(
      nodeTypes.flatMap(({ schema }) => fieldsOf(configSchema(schema)).flatMap(({ choices }) => choices)),
    );
    assert.deepEqual(
      Object.keys(words.choices).filter((one) => !offered.has(one)),
      [],
    );
  });
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
