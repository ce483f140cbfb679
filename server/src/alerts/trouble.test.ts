import assert from "node:assert/strict";
import { test } from "node:test";
import { DatabaseError } from "pg";
import { keptTrouble, troubleOf } from "./trouble.ts";

const databaseError = (code: string, message: string) =>
  Object.assign(new DatabaseError(message, message.length, "error"), { code, severity: "ERROR" });

test("why a rule could not be looked at is said by kind, and found again from the text that is kept", () => {
  const cases = [
    [databaseError("40P01", "deadlock detected"), "alert.trouble.busy"],
    [databaseError("53100", "could not extend file"), "alert.trouble.full"],
    [databaseError("XX001", "invalid page"), "alert.trouble.corrupt"],
    [databaseError("22012", "division by zero"), "alert.trouble.data"],
    [databaseError("42P01", 'relation "x" does not exist'), "alert.trouble.other"],
    [new Error("Connection terminated unexpectedly"), "alert.trouble.lost"],
  ] as const;
  for (const [error, code] of cases) {
    const said = troubleOf(error);
    assert.deepEqual(said.parts, [{ code, parameters: { message: error.message } }]);
    assert.deepEqual(keptTrouble(said.text), said);
  }
});

test("the words of a release before parts stay as they were", () => {
  assert.deepEqual(keptTrouble("deadlock detected"), {
    text: "deadlock detected",
    parts: [{ code: "alert.trouble.other", parameters: { message: "deadlock detected" } }],
  });
});
