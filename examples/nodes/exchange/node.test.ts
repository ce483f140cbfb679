import assert from "node:assert/strict";
import { it } from "node:test";
import node from "./node.ts";

// Set by `auraos node test`.
const { testNode } = await import(process.env.AURAOS_TEST_KIT ?? "@auraos/nodes/testKit.ts");
const config = { service: "https://rates.example", field: "amount", from: "EUR", to: "USD" };
const http = [{ url: "https://rates.example/2026-03-01?from=EUR", body: { rates: { USD: 1.25 } } }];

it("changes the amount at the rate of the day", async () => {
  const { outputs } = await testNode(node, {
    config,
    items: [{ amount: 9.99 }],
    now: "2026-03-01T12:00:00Z",
    http,
  });
  assert.deepEqual(outputs.main, [{ amount: 9.99, changed: 12.49 }]);
});

it("says what is wrong: the data, the currency, the service", async () => {
  const failure = async (more: object) =>
    (await testNode(node, { config, items: [{ amount: 1 }], now: "2026-03-01", http, ...more })).failure;
  assert.equal((await failure({ items: [{ amount: "1" }], http: [] })).code, "DATA_INVALID");
  assert.match((await failure({ config: { ...config, to: "QQQ" } })).message, /no rate from EUR to QQQ/);
  const down = await failure({ http: [{ ...http[0], status: 503 }] });
  assert.deepEqual([down.code, down.retryable], ["RATES_503", true]);
});
