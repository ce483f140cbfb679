import assert from "node:assert/strict";
import { test } from "node:test";
import { readMultipart } from "./multipart.ts";

async function read(form: FormData) {
  const response = new Response(form);
  const bytes = Buffer.from(await response.arrayBuffer());
  const stored: { bytes: string; name: string; mimeType: string }[] = [];
  const result = await readMultipart(
    bytes,
    response.headers.get("content-type") ?? "",
    async (given, about) => {
      stored.push({ bytes: given.toString(), ...about });
      return { blob: `b${stored.length}`, ...about, bytes: given.length };
    },
  );
  return { ...result, stored };
}

test("fields are data, files are stored, what comes again is kept", async () => {
  const form = new FormData();
  form.append("name", "Ada");
  form.append("tag", "a");
  form.append("tag", "b");
  form.append("doc", new File(["one"], "../../etc/a.txt", { type: "text/plain" }));
  form.append("doc", new File(["two"], "b.txt", { type: "text/plain" }));
  form.append("none", new File([], ""));
  const { body, files, stored } = await read(form);
  assert.deepEqual(body, { name: "Ada", tag: ["a", "b"], none: "" });
  assert.deepEqual(Object.keys(files), ["doc", "doc_2"]);
  assert.deepEqual(
    stored.map(({ bytes, name }) => [bytes, name]),
    [
      ["one", "a.txt"],
      ["two", "b.txt"],
    ],
  );
});

test("a file that was not chosen is none", async () => {
  const text =
    '--b\r\ncontent-disposition: form-data; name="cv"; filename=""\r\ncontent-type: application/octet-stream\r\n\r\n\r\n--b--\r\n';
  const result = await readMultipart(Buffer.from(text), "multipart/form-data; boundary=b", async () => {
    throw new Error("nothing is stored");
  });
  assert.deepEqual(result.files, {});
});

test("what is no multipart, or names a prototype, is refused", async () => {
  const store = async () => {
    throw new Error("nothing is stored");
  };
  await assert.rejects(readMultipart(Buffer.from("x"), "multipart/form-data; boundary=a", store), {
    code: "MULTIPART_INVALID",
  });
  const form = new FormData();
  form.append("__proto__", "x");
  await assert.rejects(read(form), { code: "KEY_FORBIDDEN" });
});
