import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { pack } from "./pack.ts";

const large = JSON.stringify(Array.from({ length: 2_000 }, (_, index) => ({ id: `n${index}` })));

test("a large answer is compressed for whoever takes it", async () => {
  const { body, headers } = await pack(large, "br, gzip;q=0.5");
  assert.deepEqual(headers, { vary: "accept-encoding", "content-encoding": "gzip" });
  assert.ok(body.length < large.length / 4);
  assert.equal(gunzipSync(body).toString(), large);
  assert.equal((await pack(large, "*")).headers["content-encoding"], "gzip");
});

test("a small one, and one for somebody who does not take it, go as they are", async () => {
  assert.deepEqual(await pack("{}", "gzip"), { body: "{}", headers: {} });
  for (const accepted of [undefined, "", "br", "identity", "gzip;q=0", "*;q=0", "gzip;q=0, *"])
    assert.deepEqual(await pack(large, accepted), { body: large, headers: { vary: "accept-encoding" } });
});
