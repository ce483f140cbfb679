import assert from "node:assert/strict";
import { test } from "node:test";
import { EngineError } from "../engine/errors.ts";
import { StoreError } from "../engine/store.ts";
import { asRefusal, problemDetailsOf, refuse } from "./errors.ts";
import { within } from "./within.ts";

const database = (code: string) => Object.assign(new Error("x"), { code, severity: "ERROR" });
const network = (code: string) => Object.assign(new Error("x"), { code, syscall: "connect" });

const cases: [what: string, error: unknown, status: number, code: string][] = [
  ["a refusal is itself", refuse(418, "TEA", "m", "r"), 418, "TEA"],
  ["no disk space", database("53100"), 507, "STORAGE_FULL"],
  ["too many connections", database("53300"), 503, "DATABASE_UNAVAILABLE"],
  ["shutting down", database("57P01"), 503, "DATABASE_UNAVAILABLE"],
  ["cancelled for time", database("57014"), 503, "DATABASE_SLOW"],
  ["a value that text cannot hold", database("22021"), 422, "VALUE_NOT_STORABLE"],
  ["nobody listens", network("ECONNREFUSED"), 503, "DATABASE_UNAVAILABLE"],
  ["a hanging query", new Error("Query read timeout"), 503, "DATABASE_SLOW"],
  ["a lost connection", new Error("Connection terminated unexpectedly"), 503, "DATABASE_UNAVAILABLE"],
  ["the store is full", new StoreError("full", "x"), 507, "STORAGE_FULL"],
  ["the store is away", new StoreError("unavailable", "x"), 503, "DATABASE_UNAVAILABLE"],
  ["not the leader", new EngineError("NOT_LEADING", "x", "y"), 503, "ENGINE_NOT_LEADING"],
  ["unknown to the engine", new EngineError("UNKNOWN_EXECUTION", "x", "y"), 404, "NOT_FOUND"],
  ["a badly encoded address", new URIError("x"), 400, "URL_INVALID"],
];

for (const [what, error, status, code] of cases) {
  test(`${what}: ${status} ${code}`, () => {
    const refusal = asRefusal(error);
    assert.deepEqual([refusal?.status, refusal?.code], [status, code]);
    const details = problemDetailsOf(refusal ?? refuse(0, "", "", ""), "id");
    assert.ok(details.title && details.remedy && details.detail);
    assert.equal(details.requestId, "id");
  });
}

test("bugs are nobody's refusal, so that they are logged as such", () => {
  for (const bug of [new TypeError("x is not a function"), database("42P01"), "text", undefined])
    assert.equal(asRefusal(bug), undefined);
});

test("waiting for the database has an end", async () => {
  await assert.rejects(within(new Promise(() => {}), "it happened", 5), {
    status: 503,
    code: "DATABASE_SLOW",
  });
  assert.equal(await within(Promise.resolve(1), "it happened", 5), 1);
});
