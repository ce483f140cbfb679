import assert from "node:assert/strict";
import { it } from "node:test";
import { webhookTrigger } from "./node.ts";

const check = webhookTrigger.checkConfig ?? (() => []);

it("needs a path of plain words", () => {
  assert.deepEqual(check({ path: "orders/new" }), []);
  assert.equal(check({})[0]?.code, "FIELD_MISSING");
  assert.match(check({ path: "/orders" })[0]?.message ?? "", /joined by slashes/);
});

it("cannot have templates, since no item exists yet", () => {
  assert.equal(check({ path: "{{ $json.path }}" })[0]?.code, "TEMPLATE_NOT_ALLOWED");
});
