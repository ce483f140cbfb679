import assert from "node:assert/strict";
import { it } from "node:test";
import { redisTrigger } from "./node.ts";
import { redisTarget } from "./target.ts";

const check = redisTrigger.checkConfig ?? (() => []);

it("needs a stream or channels", () => {
  const connection = "redis://localhost";
  assert.deepEqual(check({ connection, stream: "orders" }), []);
  assert.equal(check({ connection })[0]?.field, "stream");
  assert.equal(check({ connection, kind: "channels" })[0]?.field, "channels");
});

it("reads the address by itself", () => {
  assert.deepEqual(redisTarget("rediss://ada:p%40ss@[::1]:7000/3"), {
    host: "::1",
    port: 7000,
    isEncrypted: true,
    username: "ada",
    password: "p@ss",
    database: 3,
  });
  assert.throws(() => redisTarget("http://localhost"), /redis:\/\//);
  assert.throws(() => redisTarget("redis://localhost/x"), /database/);
});
