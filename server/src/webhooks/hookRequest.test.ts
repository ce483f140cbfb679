import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { hookItem } from "./hookRequest.ts";

function item(body: string | Buffer, headers: Record<string, string> = {}, search = "") {
  const request = { method: "POST", headers } as unknown as IncomingMessage;
  return hookItem(request, "/hooks/x", search, Buffer.from(body), async (bytes, { name, mimeType }) => ({
    blob: "b",
    name,
    mimeType,
    bytes: bytes.length,
  }));
}
const type = (text: string) => ({ "content-type": text });

test("the body is what its type says, and nothing is guessed", async () => {
  const json = (await item('{"a":1}', type("application/json; charset=utf-8"))).json as JsonObject;
  assert.deepEqual([json.body, json.rawBody], [{ a: 1 }, '{"a":1}']);
  const event = (await item("[1]", type("application/cloudevents+json"))).json as JsonObject;
  assert.deepEqual(event.body, [1]);
  const form = (await item("a=1&b=x+y&b=z", type("application/x-www-form-urlencoded"))).json as JsonObject;
  assert.deepEqual(form.body, { a: "1", b: ["x y", "z"] });
  const text = (await item('{"a":1}', type("text/plain"))).json as JsonObject;
  assert.equal(text.body, '{"a":1}');
  const bytes = await item(Buffer.from([1, 2, 3]), type("image/png"));
  assert.deepEqual(bytes.files?.body, { blob: "b", name: "body", mimeType: "image/png", bytes: 3 });
  assert.equal((bytes.json as JsonObject).body, null);
  await assert.rejects(item("x"), { status: 415 });
  await assert.rejects(item("{", type("application/json")), { code: "JSON_INVALID" });
  await assert.rejects(item(Buffer.from([0xff]), type("application/json")), { code: "TEXT_NOT_UTF8" });
});

test("query, headers, method and path come along, credentials do not", async () => {
  const headers = { authorization: "secret", cookie: "secret", "x-signature": "abc" };
  const json = (await item("", headers, "a=1&a=2&b=")).json as JsonObject;
  assert.deepEqual(json.query, { a: ["1", "2"], b: "" });
  assert.deepEqual(json.headers, { "x-signature": "abc" });
  assert.deepEqual([json.method, json.path, json.body], ["POST", "/hooks/x", null]);
});

test("__proto__ is refused wherever it stands", async () => {
  const bodies: [string, string][] = [
    ['{"__proto__":{"x":1}}', "application/json"],
    ["__proto__=1", "application/x-www-form-urlencoded"],
  ];
  for (const [body, contentType] of bodies)
    await assert.rejects(item(body, type(contentType)), { code: "KEY_FORBIDDEN" });
  await assert.rejects(item("", {}, "__proto__=1"), { code: "KEY_FORBIDDEN" });
});
