// What a node declares to fail with is what its source can fail with, code by code. The harness of the nodes' own tests
// (testing.ts) sees to the other half: a failure that is not declared fails the test in which it comes.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { nodeTypes } from "../index.ts";
import { type LibraryCode, libraryErrors } from "./libraryErrors.ts";
import { errorsOf, isDeclared } from "./nodeErrors.ts";
import { type ErrorGroup, platformErrors } from "./platformErrors.ts";
import { reachableCodes } from "./reachable.ts";

const root = join(import.meta.dirname, "..");
const known = Object.keys(libraryErrors) as LibraryCode[];

/** How the source of a node tells that it uses a part of the platform. */
const uses: [ErrorGroup, RegExp][] = [
  ["outbound", /\bcontext\.http\b|\bhttp\.request|addressOf\(/],
  ["files", /\bcontext\.files\b|\bfiles\.(read|stream|write|list|remove|locate)\b/],
  ["connection", /\bcredential\(/],
  ["blobs", /\bcontext\.blobs\b|\bblobs\.(get|put|stream)\b/],
  ["tables", /\bcontext\.tables\b/],
  ["events", /\bcontext\.publish\b/],
  ["workflow", /\bcontext\.runWorkflow\b/],
];

const fromSource = nodeTypes.filter(({ structure }) => structure === undefined);

test("a node declares exactly the codes that its source throws, and the parts of the platform it uses", () => {
  const wrong: string[] = [];
  for (const module of fromSource) {
    const file = join(root, ...module.type.split("."), "node.ts");
    const { codes, text } = reachableCodes(file, nameIn(file, module.type), known);
    // The sandbox stands behind the context.
    if (/\bcontext\.code\b/.test(text)) for (const code of codesOfSandbox()) codes.add(code);
    const groups = uses.filter(([, sign]) => sign.test(text)).map(([group]) => group);
    const given = new Set(groups.flatMap((group) => Object.keys(platformErrors[group])));
    const declared = Object.entries(module.errors ?? {});
    const own = declared.filter(([code, { from }]) => from === undefined && !given.has(code));
    const from = new Set(declared.flatMap(([, one]) => one.from ?? []));
    const needed = [...codes].filter((code) => !given.has(code)).sort();
    if (isDeepStrictEqual([own.map(([code]) => code).sort(), [...from].sort()], [needed, [...groups].sort()]))
      continue;
    const parts = groups.map((group) => `, "${group}"`).join("");
    wrong.push(`${module.type} needs  errors: nodeErrors(${JSON.stringify(needed)}${parts})`);
  }
  assert.deepEqual(wrong, []);
});

function codesOfSandbox(): Set<string> {
  return reachableCodes(join(root, "sandbox/createCodeRunner.ts"), "createCodeRunner", known).codes;
}

test("what the kernel and the engine throw for a block is declared by it", () => {
  const rooms = ["kernel/src", "server/src/engine"].map((room) => join(root, "../..", room));
  const texts = rooms.flatMap((room) =>
    globSync("**/*.ts", { cwd: room })
      .filter((file) => !file.endsWith(".test.ts"))
      .map((file) => readFileSync(join(room, file), "utf8")),
  );
  const source = texts.join("\n");
  for (const module of nodeTypes.filter(({ structure }) => structure !== undefined))
    for (const code of Object.keys(module.errors ?? {}))
      assert.ok(source.includes(`"${code}"`), `${module.type} declares ${code}, which nothing throws`);
});

test("every code of the library belongs to a node, and every failure in the source has a known code", () => {
  const declared = new Set(nodeTypes.flatMap((module) => Object.keys(module.errors ?? {})));
  assert.deepEqual(
    known.filter((code) => !declared.has(code)),
    [],
  );
  const all = { ...libraryErrors, ...Object.assign({}, ...Object.values(platformErrors)) };
  // Trying a connection is no node.
  const files = globSync("**/*.ts", { cwd: root, exclude: ["credentials/**", "**/*.test.ts"] });
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    // A failure has a class; a problem of a config has none.
    for (const [, quote, code = ""] of text.matchAll(/\bcode: (["`])([A-Z][^"`]*)\1,\s*class:/g))
      assert.ok(
        isDeclared(all, quote === "`" ? code.replace(/\$\{.*/, "x") : code),
        `${file} throws ${code}, which is not in errors/libraryErrors.ts`,
      );
  }
});

test("a code with an open end takes what begins like it", () => {
  const errors = {
    "HTTP_<status>": libraryErrors["HTTP_<status>"],
    DATA_INVALID: libraryErrors.DATA_INVALID,
  };
  assert.ok(isDeclared(errors, "HTTP_404"));
  assert.ok(!isDeclared(errors, "HTTP_"));
  assert.ok(!isDeclared(errors, "DATA_INVALID_TOO"));
  assert.ok(isDeclared(errorsOf({}), "PARAM_INVALID"));
  assert.ok(!isDeclared(errorsOf({}), "TIMEOUT"), "only activities have a time limit");
});

function nameIn(file: string, type: string): string {
  const begin = new RegExp(
    `export const (\\w+) = defineNode\\(\\{\\s*type: "${type.replaceAll(".", "\\.")}"`,
  );
  const name = readFileSync(file, "utf8").match(begin)?.[1];
  assert.ok(name, `${file} exports no ${type}`);
  return name;
}
