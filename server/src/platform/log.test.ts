import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "./log.ts";

/** What one call writes, as lines. */
function linesOf(isTTY: boolean, write: (log: ReturnType<typeof createLog>) => void): string[] {
  let text = "";
  const out = { isTTY, write: (chunk: string) => (text += chunk) } as unknown as NodeJS.WriteStream;
  write(createLog("debug", out));
  return text.split("\n").filter((line) => line !== "");
}

const forged = 'x\r\n{"level":"info","msg":"owner signed in"}\n12:00:00 owner signed in';

test("what a stranger sent cannot forge a line of the log", () => {
  for (const isTTY of [false, true]) {
    assert.equal(linesOf(isTTY, (log) => log("warn", forged)).length, 1, `message, terminal: ${isTTY}`);
    assert.equal(linesOf(isTTY, (log) => log("warn", "m", { name: forged })).length, 1);
    assert.equal(linesOf(isTTY, (log) => log("warn", "m", { deep: { name: forged } })).length, 1);
    const lines = linesOf(isTTY, (log) => log("error", "failed", { error: new Error(forged) }));
    // On a terminal a stack has several lines, all of them set in.
    assert.ok(lines.slice(1).every((line) => line.startsWith("      ")));
    if (!isTTY) assert.equal(lines.length, 1);
  }
});

test("fields that hold credentials are written as stars", () => {
  const [line = ""] = linesOf(false, (log) =>
    log("info", "m", {
      authorization: "Bearer s3cret",
      password: "s3cret",
      request: { authorization: "s3cret" },
    }),
  );
  assert.ok(!line.includes("s3cret") && line.includes("***"), line);
});
