// Every example of the repository is offered, under the name that its file has.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { importWorkflow } from "../builder/graph/importWorkflow.ts";
import { templates } from "./templates.ts";
import texts from "./texts.en.json" with { type: "json" };

const examples = join(import.meta.dirname, "../../../examples");

test("the examples and the catalogue say the same", () => {
  const files = globSync("*/workflow.{json,yaml}", { cwd: examples });
  const said = files.map((file) => {
    const imported = importWorkflow(readFileSync(join(examples, file), "utf8"));
    assert.ok(imported.ok, file);
    const { name, description } = imported.graph;
    return [file.split(/[/\\]/)[0], { name, text: description }] as const;
  });
  const offered = templates.map((id) => [id, { name: texts.names[id], text: texts.texts[id] }] as const);
  assert.deepEqual(Object.fromEntries(offered), Object.fromEntries(said));
});
