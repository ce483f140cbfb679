// docs/guarantees.md names the test that holds each promise; what it names must be there, word for word.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { read, root } from "./sources.ts";

const LINK = /^- (?:planted bug: )?\[(.+)\]\(\.\.\/([^)]+)\)$/;

test("every test that the guarantees name exists", () => {
  const named = read("docs/guarantees.md")
    .split("\n")
    .filter((line) => line.startsWith("- ") && line.includes("](../"));
  assert.ok(named.length > 100, `only ${named.length} tests are named`);
  const missing = named.flatMap((line) => {
    const [, name = "", file = ""] = LINK.exec(line) ?? [];
    if (!existsSync(join(root, file))) return [`${line}: there is no such file`];
    const isThere = [`"${name}"`, `'${name}'`, `\`${name}\``].some((quoted) => read(file).includes(quoted));
    return isThere ? [] : [`${file} has no "${name}": was it renamed, or is the promise not held any more?`];
  });
  assert.deepEqual(missing, []);
});
