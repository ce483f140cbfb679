import assert from "node:assert/strict";
import { test } from "node:test";
import { pathAfterSignIn, paths } from "./paths.ts";

test("links carry encoded ids and only the filters that are set", () => {
  assert.equal(paths.workflow("a/b c"), "/workflows/a%2Fb%20c");
  assert.equal(paths.executions(), "/executions");
  assert.equal(paths.executions({ status: "failed,parked" }), "/executions?status=failed%2Cparked");
  assert.equal(paths.execution("x", { run: "loop#3/charge" }), "/executions/x?run=loop%233%2Fcharge");
});

test("a deep link survives the sign-in", () => {
  const deep = paths.executions({ status: "failed" });
  const asked = new URL(paths.signIn(deep), "http://localhost").searchParams.get("to");
  assert.equal(pathAfterSignIn(asked), deep);
  assert.equal(paths.signIn("/"), "/sign-in");
});

test("a sign-in never leads to another site", () => {
  for (const to of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/sign-in?to=/x",
  ])
    assert.equal(pathAfterSignIn(to), "/");
  assert.equal(pathAfterSignIn(null), "/");
});
