// Reads every import of every room and explains a wrong turn. The rules are in importRules.ts.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isForTests, type Packages, rooms, wrongTurn } from "./importRules.ts";
import { importsOf, listFiles, read, root } from "./sources.ts";

type Manifest = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };

const manifests = new Map<string, Manifest>();
const manifest = (file: string): Manifest => {
  const known =
    manifests.get(file) ?? (existsSync(join(root, file)) ? (JSON.parse(read(file)) as Manifest) : {});
  manifests.set(file, known);
  return known;
};
const packages: Packages = {
  own: (room) =>
    Object.keys({
      ...manifest(`${room}/package.json`).dependencies,
      ...manifest(`${room}/package.json`).devDependencies,
    }),
  development: Object.keys(manifest("package.json").devDependencies ?? {}),
};
const sources = listFiles().filter((file) => /\.(ts|tsx|mjs)$/.test(file));

test("every import stays where its room may go", () => {
  const wrong = sources
    // A fixture is data: what looks like an import in it is an attack written down.
    .filter((file) => !file.endsWith(".fixture.ts"))
    .flatMap((file) => importsOf(file, read(file)))
    .map((used) => ({ used, why: wrongTurn(used, packages) }))
    .filter(({ why }) => why !== undefined)
    .map(({ used, why }) => `${used.file}:${used.line} imports "${used.specifier}"\n    ${why}`);
  assert.equal(wrong.length, 0, `\n  ${wrong.join("\n  ")}\n`);
});

test("the pure rooms have no clock, no chance and no process", () => {
  const forbidden: [RegExp, string][] = [
    [/\bDate\.now\s*\(|\bnew Date\s*\(\s*\)/, "the time arrives in the event"],
    [/\bMath\.random\b|\bcrypto\./, "chance arrives as a seed"],
    [/\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/, "waiting is a command to the driver"],
    [/\bprocess\.|\bglobalThis\.process\b/, "there is no process here: it also runs in a browser"],
    [/\bperformance\.now\b/, "measuring belongs to whoever calls"],
  ];
  const wrong: string[] = [];
  for (const file of sources) {
    const [room = ""] = file.split("/");
    if (!rooms[room]?.isPure || isForTests(file)) continue;
    for (const [index, line] of read(file).split("\n").entries()) {
      const code = withoutText(line);
      const hit = forbidden.find(([pattern]) => pattern.test(code));
      if (hit) wrong.push(`${file}:${index + 1} ${hit[1]}: ${line.trim()}`);
    }
  }
  assert.equal(wrong.length, 0, `\n  ${wrong.join("\n  ")}\n`);
});

test("the rules tell right from wrong", () => {
  const why = (file: string, specifier: string) =>
    wrongTurn({ file, line: 1, specifier }, packages) ?? "fine";
  assert.match(why("kernel/src/wait.ts", "node:fs"), /pure/);
  assert.match(why("kernel/src/wait.ts", "zod"), /no package/);
  assert.match(why("kernel/src/wait.ts", "@auraos/expression"), /does not know/);
  assert.match(why("kernel/src/wait.ts", "../../expression/src/index.ts"), /by its name/);
  assert.match(why("kernel/src/wait.ts", "./state"), /ending/);
  assert.match(why("expression/src/parse.ts", "pg"), /acorn and re2js/);
  assert.match(why("nodes/src/http/run.ts", "@auraos/server"), /does not know/);
  assert.match(why("server/src/workflows/publish.ts", "../executions/store.ts"), /alone/);
  assert.match(why("server/src/platform/db.ts", "../workflows/publish.ts"), /no business/);
  assert.match(why("server/src/workflows/publish.ts", "../testing/freshDatabase.ts"), /for tests/);
  assert.match(why("server/src/workflows/publish.ts", "lodash"), /package\.json/);
  assert.match(why("sim/src/main.ts", "@auraos/server/platform/log.ts"), /only engine/);

  assert.equal(why("kernel/src/wait.test.ts", "node:test"), "fine");
  assert.equal(why("kernel/src/wait.test.ts", "fast-check"), "fine");
  assert.equal(why("expression/src/parse.ts", "acorn"), "fine");
  assert.equal(why("server/src/main.ts", "./executions/store.ts"), "fine");
  assert.equal(why("server/src/workflows/publish.ts", "../executions/startExecution.ts"), "fine");
  assert.equal(why("server/src/workflows/publish.ts", "@auraos/kernel"), "fine");
  assert.equal(why("sim/src/main.ts", "@auraos/server/engine/store.ts"), "fine");
});

test("imports are found in every form they take", () => {
  const source = [
    'import { a } from "one";',
    "import type {\n  B,\n} from 'two';",
    'export * from "three";',
    'import "four";',
    'const five = await import("five");',
    '// import { no } from "six";',
    '/* import "seven"; */',
    'const text = `await import("eight")`;',
  ].join("\n");
  assert.deepEqual(
    importsOf("x.ts", source)
      .map((found) => found.specifier)
      .sort(),
    ["five", "four", "one", "three", "two"],
  );
});

/** A line without its comments and the contents of its texts: those may name anything. */
function withoutText(line: string): string {
  return line
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""')
    .replace(/\/\/.*$/, "")
    .replace(/^\s*\/?\*.*$/, "");
}
