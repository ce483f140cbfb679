// Every code that a person may meet has a name in every language: refusals of the server, errors of steps, and problems of
// workflows and expressions.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { languages } from "../i18n/languages.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Said to programs alone, in jest, as an example; or read from a library and told by another code. */
const unseen = new Set(["TEA", "STOCK_EMPTY", "ABORTED", "ECONNECTION"]);

test("every code of a refusal has a name in every language", () => {
  const codes = codesIn("server/src/**/*.ts", /\brefuse\(\s*\d{3},\s*"([A-Z][A-Z0-9_]+)"/g);
  assert.ok(codes.size > 100, `only ${codes.size} were found`);
  assert.deepEqual(nameless(codes), []);
});

test("every error of a step has a name in every language", () => {
  // The reference is written from what the node types declare. `HTTP_<status>` stands for what the other side said.
  const codes = codesIn("docs/nodes.md", /^\| `([A-Z][A-Z0-9_]+(?:<\w+>)?)` \|/gm);
  assert.ok(codes.size > 140, `only ${codes.size} were found`);
  const named = [...codes].flatMap(([code, from]): [string, string][] => {
    if (code === "HTTP_<status>") return ["HTTP_4xx", "HTTP_5xx"].map((one) => [one, from]);
    return [[code.replace(/<\w+>$/, "any"), from]];
  });
  assert.deepEqual(nameless(new Map(named)), []);
});

test("every problem of a workflow or an expression has a name in every language", () => {
  const constant = /"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)"/g;
  const codes = new Map([
    ...codesIn("kernel/src/compile/*.ts", constant),
    ...codesIn("expression/src/**/*.ts", constant),
    ...codesIn("expression/src/**/*.ts", /\b(?:fail|problem|problemAt)\(\s*(?:\w+,\s*)*"([A-Z][A-Z_]+)"/g),
    ...codesIn("nodes/src/**/*.ts", /\bcode: "([A-Z][A-Z0-9_]+)"/g),
    ...codesIn("web/src/builder/**/*.ts", /\bcode: "([A-Z][A-Z0-9_]+)"/g),
    ...codesIn("web/src/builder/graph/*.ts", /\bproblem\(\s*"([A-Z][A-Z0-9_]+)"/g),
  ]);
  assert.ok(codes.size > 120, `only ${codes.size} were found`);
  assert.deepEqual(nameless(codes), []);
});

/** Codes with the file that names them. */
function codesIn(files: string, place: RegExp): Map<string, string> {
  const codes = new Map<string, string>();
  for (const file of globSync(files, { cwd: root })) {
    if (/\.(test|fixture)\.ts$|[/\\]testing[/\\]|testing\.ts$|testKit/.test(file)) continue;
    for (const [, code = ""] of readFileSync(join(root, file), "utf8").matchAll(place)) codes.set(code, file);
  }
  return codes;
}

function nameless(codes: ReadonlyMap<string, string>): string[] {
  return languages.flatMap(({ code: language }) => {
    const file = new URL(`texts.${language}.json`, import.meta.url);
    const names = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    return [...codes]
      .filter(([code]) => !unseen.has(code) && !names[code])
      .map(([code, from]) => `${language} lacks ${code} of ${from}`);
  });
}
