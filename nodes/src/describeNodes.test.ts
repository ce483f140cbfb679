import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { nodesMarkdown } from "./describeNodes.ts";

it("docs/nodes.md is up to date; if not: node nodes/src/describeNodes.ts > docs/nodes.md, then npm run format", () => {
  const written = readFileSync(join(import.meta.dirname, "../../docs/nodes.md"), "utf8");
  assert.equal(bare(written), bare(nodesMarkdown()));
});

/** Without what the formatter decides: spaces, alignment of tables, kind of emphasis. */
function bare(markdown: string): string {
  return markdown.replace(/[\s|*_-]+/g, "");
}
