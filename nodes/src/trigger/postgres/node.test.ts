import assert from "node:assert/strict";
import { it } from "node:test";
import { postgresTrigger } from "./node.ts";

const check = postgresTrigger.checkConfig ?? (() => []);
const connection = "postgresql://a:b@localhost/c";

it("needs table and column, or a channel", () => {
  assert.deepEqual(check({ connection, table: "orders", column: "id" }), []);
  assert.deepEqual(
    check({ connection }).map(({ field }) => field),
    ["table", "column"],
  );
  assert.equal(check({ connection, kind: "listen" })[0]?.field, "channel");
  assert.deepEqual(check({ connection, kind: "listen", channel: "news" }), []);
});
