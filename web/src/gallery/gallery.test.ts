// A piece that is not among the pieces is not looked at: not in dark, not in Arabic, not by axe.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const here = import.meta.dirname;
const pieces = readdirSync(`${here}/../ui`).filter((file) => file.endsWith(".tsx"));
const shown = readdirSync(here)
  .filter((file) => file.endsWith(".tsx"))
  .map((file) => readFileSync(`${here}/${file}`, "utf8"))
  .join("\n");
/** Shown by another piece, or when a button is pressed. */
const within: Record<string, RegExp> = {
  "CloseButton.tsx": /<Dialog[\s>]/,
  "CopyButton.tsx": /<CodeBlock[\s>]/,
  "Confirmations.tsx": /\bconfirm\(/,
  "Toaster.tsx": /\btoast\./,
};

test("every piece is shown on the page of the pieces", () => {
  assert.ok(pieces.length > 25);
  const missing = pieces.filter((file) => !(within[file]?.test(shown) ?? shown.includes(`/ui/${file}"`)));
  assert.deepEqual(missing, []);
});
