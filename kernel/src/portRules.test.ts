import assert from "node:assert/strict";
import { test } from "node:test";
import { portsFrom } from "./portRules.ts";

test("fixed ports, and ports that a field adds", () => {
  const ports = portsFrom([{ port: "main" }, { port: "missing", when: { whenMissing: ["port"] } }]);
  assert.deepEqual(ports({}), ["main"]);
  assert.deepEqual(ports({ whenMissing: "keep" }), ["main"]);
  assert.deepEqual(ports({ whenMissing: "port" }), ["main", "missing"]);
});

test("ports named in a list, each once, what is no name left out", () => {
  const ports = portsFrom([{ from: "cases.*.port" }, { from: "fallback" }]);
  assert.deepEqual(ports({ cases: [{ port: "a" }, { port: 1 }, null, { port: "b" }, { port: "a" }] }), [
    "a",
    "b",
  ]);
  assert.deepEqual(ports({ cases: "none", fallback: "rest" }), ["rest"]);
});

test("all conditions of a rule must hold", () => {
  const ports = portsFrom([{ port: "timeout", when: { for: ["signal", "webhook"], timeoutSeconds: true } }]);
  assert.deepEqual(ports({ for: "signal" }), []);
  assert.deepEqual(ports({ for: "duration", timeoutSeconds: 1 }), []);
  assert.deepEqual(ports({ for: "webhook", timeoutSeconds: 1 }), ["timeout"]);
});

test("names of the prototype are no fields", () => {
  assert.deepEqual(
    portsFrom([{ port: "x", when: Object.fromEntries([["constructor", true as const]]) }])({}),
    [],
  );
});

test("a port that is there unless a field says otherwise", () => {
  const ports = portsFrom([{ port: "invalid", unless: { mode: ["drop", "fail"] } }]);
  assert.deepEqual(ports({}), ["invalid"]);
  assert.deepEqual(ports({ mode: "port" }), ["invalid"]);
  assert.deepEqual(ports({ mode: "drop" }), []);
});
