import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ActivityError } from "@auraos/nodes/defineNode.ts";
import { dayOf, dayOfExecution } from "./blobs.types.ts";
import { createBlobStore } from "./createBlobStore.ts";

const folder = await mkdtemp(join(tmpdir(), "auraos-blobs-"));
after(() => rm(folder, { recursive: true, force: true }));
const blobs = createBlobStore(folder, { bytesMax: 1000, wholeBytesMax: 500 });
const owner = { orgId: "org1", executionId: "exec-1", day: "2026-01-31" };
const about = { name: "a.txt", mimeType: "text/plain" };

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    return error instanceof ActivityError ? error.failure.code : String(error);
  }
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function gather(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("keeps bytes and streams, and gives them back whole, as a stream, and in part", async () => {
  const store = blobs.forExecution(owner);
  const whole = await store.put(Buffer.from("hello"), about);
  assert.deepEqual({ ...whole, blob: "" }, { blob: "", name: "a.txt", mimeType: "text/plain", bytes: 5 });
  assert.equal(Buffer.from(await store.get(whole)).toString(), "hello");
  const streamed = await store.put(pieces("one ", "two ", "three"), about);
  assert.equal(streamed.bytes, 13);
  assert.equal(await gather(store.stream(streamed)), "one two three");
  const part = await blobs.open(streamed.blob, "org1", { start: 4, end: 6 });
  assert.deepEqual([part.bytes, await gather(part.stream)], [13, "two"]);
  const rest = await blobs.open(streamed.blob, "org1", { start: 8 });
  assert.equal(await gather(rest.stream), "three");
  const empty = await store.put(new Uint8Array(), about);
  assert.equal((await store.get(empty)).length, 0);
  assert.equal(await gather(store.stream(empty)), "");
});

test("values for the engine", async () => {
  const id = await blobs.putValue(owner, Buffer.from("{}"));
  assert.equal(Buffer.from(await blobs.getValue(id)).toString(), "{}");
  const other = await blobs.payloads.put(
    { orgId: "org1", executionId: "exec-9", atMs: Date.UTC(2026, 1, 3) },
    Buffer.from("[]"),
  );
  assert.equal(Buffer.from(await blobs.payloads.get(other)).toString(), "[]");
  assert.deepEqual(await readdir(join(folder, "org1", "2026-02-03")), ["exec-9"]);
  assert.equal(dayOf(Date.UTC(2026, 11, 31, 23, 59)), "2026-12-31");
});

test("all of an execution is in the folder of the day it began, which its id tells", async () => {
  const beganMs = Date.UTC(2026, 4, 5, 12);
  const hex = beganMs.toString(16).padStart(12, "0");
  const executionId = `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8abc-0123456789ab`;
  assert.equal(dayOfExecution(executionId, 0), "2026-05-05");
  const owner = { orgId: "org4", executionId, day: "2026-05-05" };
  await blobs.payloads.put({ orgId: "org4", executionId, atMs: Date.UTC(2026, 8, 1) }, Buffer.from("{}"));
  await blobs.forExecution(owner).put(Buffer.from("x"), about);
  assert.equal((await readdir(join(folder, "org4", "2026-05-05", executionId))).length, 2);
  await blobs.deleteExecution(owner);
  assert.deepEqual(await readdir(join(folder, "org4", "2026-05-05")), []);
});

test("only the owner of the process may read the files", async () => {
  if (process.platform === "win32") return;
  const { blob } = await blobs.forExecution(owner).put(Buffer.from("x"), about);
  const path = join(folder, "org1", "2026-01-31", "exec-1", blob.split(".").at(-1) ?? "");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await stat(join(folder, "org1"))).mode & 0o777, 0o700);
});

test("what does not fit leaves nothing behind", async () => {
  const place = { ...owner, executionId: "large" };
  const store = blobs.forExecution(place);
  assert.equal(await codeOf(store.put(new Uint8Array(1001), about)), "FILE_TOO_LARGE");
  assert.equal(await codeOf(store.put(pieces("x".repeat(600), "y".repeat(600)), about)), "FILE_TOO_LARGE");
  const failing = (async function* () {
    yield Buffer.from("x");
    throw new Error("source failed");
  })();
  assert.match(await codeOf(store.put(failing, about)), /source failed/);
  assert.deepEqual(await readdir(join(folder, "org1", owner.day, "large")), []);
  const file = await store.put(new Uint8Array(600), about);
  assert.equal(await codeOf(store.get(file)), "FILE_TOO_LARGE");
  assert.equal((await gather(store.stream(file))).length, 600);
});

test("ids that were not given out lead nowhere", async () => {
  await writeFile(join(folder, "secret"), "secret");
  const store = blobs.forExecution(owner);
  const real = (await store.put(Buffer.from("x"), about)).blob;
  await symlink(join(folder, "secret"), join(folder, "org1", owner.day, "exec-1", "link"));
  const madeUp = [
    "",
    ".",
    "...",
    "secret",
    "../secret",
    "a.2026-01-31.b.../../../secret",
    "..%2f.2026-01-31.b.c",
    "org1/2026-01-31/exec-1/x",
    "org1.2026-01-31.exec-1.link",
    "org1.2026-01-31.exec-1.",
    `${real}x`,
    `${real}.x`,
    `${real}\u0000`,
    `/${real}`,
    "org1.2026-01-31..secret",
    "org1.20260131.exec-1.x",
    "C:.2026-01-31.a.b",
    `org1.2026-01-31.exec-1.${"x".repeat(5000)}`,
    "org1.2026-01-31.nobody.00000000-0000-0000-0000-000000000000",
  ];
  for (const blob of madeUp) {
    const code = await codeOf(store.get({ ...about, blob, bytes: 1 }));
    assert(code === "BLOB_NOT_FOUND" || /ELOOP/.test(code), `${blob}: ${code}`);
  }
  for (const wrong of [
    { orgId: "../x" },
    { executionId: "a/b" },
    { day: "yesterday" },
    { orgId: "" },
    { executionId: ".." },
  ]) {
    assert.throws(() => blobs.forExecution({ ...owner, ...wrong }));
  }
});

test("another organization's blob is as good as none", async () => {
  const file = await blobs.forExecution(owner).put(Buffer.from("mine"), about);
  const foreign = blobs.forExecution({ ...owner, orgId: "org2" });
  assert.equal(await codeOf(foreign.get(file)), "BLOB_NOT_FOUND");
  assert.equal(await codeOf(gather(foreign.stream(file))), "BLOB_NOT_FOUND");
  assert.equal(await codeOf(blobs.open(file.blob, "org2")), "BLOB_NOT_FOUND");
  const sameOrg = blobs.forExecution({ ...owner, executionId: "other" });
  assert.equal(Buffer.from(await sameOrg.get(file)).toString(), "mine");
});

test("deleting an execution says what it freed, and folders tell what there is", async () => {
  const old = { orgId: "org3", executionId: "e1", day: "2025-12-30" };
  const id = await blobs.putValue(old, Buffer.from("old"));
  const kept = await blobs.putValue({ ...old, day: "2026-01-01" }, Buffer.from("kept"));
  const listed = [];
  for await (const one of blobs.folders()) if (one.orgId === "org3") listed.push(one);
  assert.deepEqual(listed.map(({ day, executionIds }) => [day, ...executionIds]).sort(), [
    ["2025-12-30", "e1"],
    ["2026-01-01", "e1"],
  ]);
  assert.deepEqual(await blobs.deleteExecution(old), { files: 1, bytes: 3 });
  assert.deepEqual(await blobs.deleteExecution(old), { files: 0, bytes: 0 });
  assert.equal(await codeOf(blobs.getValue(id)), "BLOB_NOT_FOUND");
  assert.equal(Buffer.from(await blobs.getValue(kept)).toString(), "kept");
  // The empty day goes by itself, and is made again when the execution goes on.
  for await (const _ of blobs.folders());
  assert.deepEqual(await readdir(join(folder, "org3")), ["2026-01-01"]);
  assert.equal((await blobs.getValue(await blobs.putValue(old, Buffer.from("again")))).length, 5);
});

test("many puts at once", async () => {
  const store = blobs.forExecution({ ...owner, executionId: "many" });
  const files = await Promise.all(
    Array.from({ length: 50 }, (_, index) => store.put(Buffer.from(`${index}`), about)),
  );
  assert.equal(new Set(files.map(({ blob }) => blob)).size, 50);
  for (const [index, file] of files.entries())
    assert.equal(Buffer.from(await store.get(file)).toString(), `${index}`);
});
