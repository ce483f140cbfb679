// Where a secret may go: exactly the hosts that were named.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mayGoTo } from "./hostRules.ts";

const cases: [rules: string[], host: string, port: number, allowed: boolean][] = [
  [[], "api.example.com", 443, false],
  [["api.example.com"], "api.example.com", 443, true],
  [["api.example.com"], "API.Example.com.", 8443, true],
  [["api.example.com"], "api.example.com.evil.net", 443, false],
  [["api.example.com"], "xapi.example.com", 443, false],
  [["api.example.com:443"], "api.example.com", 443, true],
  [["api.example.com:443"], "api.example.com", 8443, false],
  [["*.example.com"], "a.b.example.com", 443, true],
  [["*.example.com"], "example.com", 443, false],
  [["*.example.com"], "evilexample.com", 443, false],
  [["*.example.com"], ".example.com", 443, false],
  [["[::1]:8080"], "[::1]", 8080, true],
  [["[::1]:8080"], "::1", 8080, true],
  [["[::1]:8080"], "::1", 80, false],
  [["127.0.0.1"], "127.0.0.1", 80, true],
  [["127.0.0.1"], "127.0.0.10", 80, false],
];

for (const [rules, host, port, allowed] of cases)
  test(`${rules.join(", ") || "no rule"}: ${host}:${port} ${allowed ? "may" : "may not"}`, () => {
    assert.equal(mayGoTo(rules, { host, port }), allowed);
  });
