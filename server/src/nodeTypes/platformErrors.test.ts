// The lists of what the platform's parts can fail with are held against the source of those parts.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ErrorGroup, platformErrors } from "@auraos/nodes/errors/platformErrors.ts";

const rooms = join(import.meta.dirname, "../../..");

/** Where the failures of a group are made. */
const places: Record<ErrorGroup, string[]> = {
  every: ["kernel/src", "nodes/src/readConfig.ts"],
  activity: ["server/src/engine", "server/src/workers"],
  outbound: ["server/src/outbound"],
  files: ["server/src/blobs"],
  blobs: ["server/src/blobs/createBlobStore.ts"],
  connection: ["server/src/connections"],
  tables: ["server/src/dataTables"],
  events: ["server/src/events"],
  workflow: [
    "server/src/executions/runFromNode.ts",
    "server/src/engine/start.ts",
    "server/src/engine/orgLimits.ts",
    "server/src/engine/children.ts",
  ],
};

function sourceOf(place: string): string {
  const path = join(rooms, place);
  const files = place.endsWith(".ts")
    ? [path]
    : globSync("**/*.ts", { cwd: path, exclude: ["**/*.test.ts"] }).map((file) => join(path, file));
  return files.map((file) => readFileSync(file, "utf8")).join("\n");
}

for (const [group, errors] of Object.entries(platformErrors) as [ErrorGroup, object][])
  test(`${group}: every code that is listed is thrown there`, () => {
    const source = places[group].map(sourceOf).join("\n");
    for (const code of Object.keys(errors)) assert.ok(source.includes(`"${code}"`), `nothing throws ${code}`);
  });

test("whatever calls to the network fail with is listed", () => {
  for (const [, code = ""] of sourceOf("server/src/outbound").matchAll(/\bcode: "([A-Z_]+)"/g))
    assert.ok(code in platformErrors.outbound || code in platformErrors.activity, code);
});
