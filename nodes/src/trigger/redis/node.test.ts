import assert from "node:assert/strict";
import { it } from "node:test";
import { redisTrigger } from "./node.ts";

const check = redisTrigger.checkConfig ?? (() => []);

it("needs a stream or channels", () => {
  const connection = "redis://localhost";
  assert.deepEqual(check({ connection, stream: "orders" }), []);
  assert.equal(check({ connection })[0]?.field, "stream");
  assert.equal(check({ connection, kind: "channels" })[0]?.field, "channels");
});
