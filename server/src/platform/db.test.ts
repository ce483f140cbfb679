// What an error means, by its SQLSTATE and its class; never by its text.
import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { classifyDatabaseError, type DatabaseTrouble, sqlState } from "./db.ts";

const expected: [state: string, severity: string, trouble: DatabaseTrouble, what: string][] = [
  ["22P05", "ERROR", "data", "untranslatable character"],
  ["22003", "ERROR", "data", "number out of range"],
  ["23505", "ERROR", "data", "unique violation"],
  ["21000", "ERROR", "data", "one row twice in an upsert"],
  ["54000", "ERROR", "data", "index row too big"],
  ["53100", "ERROR", "full", "no space left on device"],
  ["53200", "ERROR", "busy", "out of memory"],
  ["53300", "FATAL", "lost", "too many connections, while connecting"],
  ["57P01", "FATAL", "lost", "terminated, perhaps after the commit"],
  ["57P01", "ERROR", "busy", "shutting down"],
  ["57014", "ERROR", "busy", "cancelled"],
  ["55P03", "ERROR", "busy", "lock not available"],
  ["40P01", "ERROR", "busy", "deadlock"],
  ["25006", "ERROR", "busy", "the server became a standby"],
  ["58030", "ERROR", "busy", "input/output error"],
  ["XX001", "ERROR", "corrupt", "a page that contradicts itself"],
  ["42501", "ERROR", "other", "insufficient privilege"],
  ["42P01", "ERROR", "other", "undefined table"],
];

test("errors of the server are told apart by what may be done next", () => {
  for (const [state, severity, trouble, what] of expected) {
    const error = new pg.DatabaseError(what, 0, "error");
    error.code = state;
    error.severity = severity;
    assert.equal(classifyDatabaseError(error), trouble, what);
    assert.equal(sqlState(error), state);
  }
});

test("a connection that ended is lost; a mistake of ours is not", () => {
  assert.equal(
    classifyDatabaseError(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })),
    "lost",
  );
  assert.equal(classifyDatabaseError(new Error("Connection terminated unexpectedly")), "lost");
  assert.equal(classifyDatabaseError(new TypeError("undefined is not a function")), "other");
  assert.equal(sqlState(new Error("no answer")), undefined);
});
