import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ActivityError } from "@auraos/nodes/defineNode.ts";
import { createFileArea } from "./createFileArea.ts";

const base = await mkdtemp(join(tmpdir(), "auraos-files-"));
after(() => rm(base, { recursive: true, force: true }));
const files = join(base, "files");
const workflow = join(base, "workflow");
await mkdir(workflow);
await writeFile(join(base, "secret.txt"), "secret");
await writeFile(join(workflow, "orders.csv"), "a,b");
const area = createFileArea({
  roots: [
    { folder: files, access: "readWrite" },
    { folder: workflow, access: "read" },
  ],
  bytesMax: 1000,
});
const text = async (path: string) => Buffer.from(await area.read(path)).toString();
const put = (path: string, content: string, append = false) =>
  area.write(path, Buffer.from(content), { append });

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    if (!(error instanceof ActivityError)) return String(error);
    assert.equal(error.failure.certainty, "notDone");
    assert((error.failure.remedy ?? "").length > 0);
    return error.failure.code;
  }
}

test("writes, reads, replaces and appends, making folders on the way", async () => {
  assert.deepEqual(await put("reports/2026/week.txt", "one"), { path: "reports/2026/week.txt", bytes: 3 });
  assert.equal(await text("reports/2026/week.txt"), "one");
  assert.deepEqual(await put("./reports//2026/week.txt", "two!"), {
    path: "reports/2026/week.txt",
    bytes: 4,
  });
  assert.equal(await text("reports/2026/./week.txt"), "two!");
  await put("log.txt", "a", true);
  assert.deepEqual(await put("log.txt", "bc", true), { path: "log.txt", bytes: 2 });
  assert.equal(await text("log.txt"), "abc");
  assert.deepEqual(await readdir(join(files, "reports", "2026")), ["week.txt"]);
  await put("ünïcode … name.txt", "x");
  assert.equal(await text("ünïcode … name.txt"), "x");
});

test("folders of workflows are read after the file area, and never written", async () => {
  assert.equal(await text("orders.csv"), "a,b");
  await put("orders.csv", "changed");
  assert.equal(await text("orders.csv"), "changed");
  assert.equal(await readFile(join(workflow, "orders.csv"), "utf8"), "a,b");
  const readOnly = createFileArea({ roots: [{ folder: workflow, access: "read" }] });
  assert.equal(await codeOf(readOnly.write("x", new Uint8Array(), {})), "FILE_READ_ONLY");
  const nothing = createFileArea({ roots: [{ folder: join(base, "never made"), access: "readWrite" }] });
  assert.equal(await codeOf(nothing.read("x")), "FILE_NOT_FOUND");
});

test("no path leads out", async () => {
  const outside = [
    "../secret.txt",
    "a/../../secret.txt",
    "a/..",
    "..",
    join(base, "secret.txt"),
    "/etc/passwd",
    "//etc/passwd",
    "\\\\server\\share",
    "C:\\x",
    "c:secret",
    "~/secret",
    "reports/../../secret.txt",
    "./../secret.txt",
  ];
  const invalid = [
    "",
    ".",
    "/.".slice(1),
    "a\\..\\b",
    "a\u0000.txt",
    "a\nb",
    "x".repeat(300),
    "x/".repeat(600),
  ];
  for (const path of outside) {
    assert.equal(await codeOf(area.read(path)), "FILE_OUTSIDE", path);
    assert.equal(await codeOf(put(path, "x")), "FILE_OUTSIDE", path);
    assert.equal(await codeOf(put(path, "x", true)), "FILE_OUTSIDE", path);
  }
  for (const path of invalid) {
    assert.equal(await codeOf(area.read(path)), "FILE_PATH_INVALID", JSON.stringify(path));
    assert.equal(await codeOf(put(path, "x")), "FILE_PATH_INVALID", JSON.stringify(path));
  }
  // Nothing is decoded: this is the name of a file inside.
  assert.equal(await codeOf(area.read("%2e%2e/secret.txt")), "FILE_NOT_FOUND");
});

test("no link is followed, at the end or on the way", async () => {
  await put("inside.txt", "inside");
  await symlink(join(base, "secret.txt"), join(files, "link.txt"));
  await symlink(base, join(files, "folder"));
  await symlink(join(files, "inside.txt"), join(files, "to-inside.txt"));
  await symlink(join(base, "not there"), join(files, "dangling.txt"));
  for (const path of [
    "link.txt",
    "folder/secret.txt",
    "folder/files/inside.txt",
    "to-inside.txt",
    "dangling.txt",
  ]) {
    assert.equal(await codeOf(area.read(path)), "FILE_OUTSIDE", path);
    assert.equal(await codeOf(put(path, "x")), "FILE_OUTSIDE", path);
    assert.equal(await codeOf(put(path, "x", true)), "FILE_OUTSIDE", path);
  }
  assert.equal(await codeOf(put("folder/new/x.txt", "x")), "FILE_OUTSIDE");
  assert.equal(await readFile(join(base, "secret.txt"), "utf8"), "secret");
  assert(!(await readdir(base)).includes("new"));
});

test("the area itself may be reached by a link", async () => {
  await symlink(files, join(base, "alias"));
  const aliased = createFileArea({ roots: [{ folder: join(base, "alias"), access: "readWrite" }] });
  await aliased.write("by-alias.txt", Buffer.from("x"), {});
  assert.equal(await text("by-alias.txt"), "x");
});

test("what is no ordinary file is refused, without waiting for it", async () => {
  await mkdir(join(files, "dir"));
  assert.equal(await codeOf(area.read("dir")), "FILE_IS_FOLDER");
  assert.equal(await codeOf(put("dir", "x")), "FILE_IS_FOLDER");
  assert.equal(await codeOf(area.read("log.txt/x")), "FILE_NOT_FOUND");
  assert.equal(await codeOf(put("log.txt/x", "x")), "FILE_NOT_FOUND");
  assert.equal(await codeOf(area.read("none.txt")), "FILE_NOT_FOUND");
  if (process.platform === "win32") return;
  const socket = createServer();
  await new Promise<void>((resolve) => socket.listen(join(files, "socket"), resolve));
  assert.equal(await codeOf(area.read("socket")), "FILE_SPECIAL");
  assert.equal(await codeOf(put("socket", "x", true)), "FILE_SPECIAL");
  await new Promise((resolve) => socket.close(resolve));
});

test("sizes are capped, also of what grows", async () => {
  await writeFile(join(files, "large.bin"), new Uint8Array(1001));
  assert.equal(await codeOf(area.read("large.bin")), "FILE_TOO_LARGE");
  assert.equal(await codeOf(put("new.bin", "x".repeat(1001))), "FILE_TOO_LARGE");
  await put("growing.txt", "x".repeat(900), true);
  assert.equal(await codeOf(put("growing.txt", "x".repeat(200), true)), "FILE_TOO_LARGE");
  assert.equal((await area.read("growing.txt")).length, 900);
});

test("a file of any size is read as a stream, under the same rules for its path", async () => {
  const bytes = Buffer.alloc(600_000, "0123456789");
  await writeFile(join(files, "large.txt"), bytes);
  assert.equal(await codeOf(area.read("large.txt")), "FILE_TOO_LARGE");
  const chunks: Uint8Array[] = [];
  for await (const chunk of area.stream("large.txt")) chunks.push(chunk);
  assert.ok(chunks.length > 1);
  assert.ok(bytes.equals(Buffer.concat(chunks)));
  const first = async (path: string) => void (await area.stream(path)[Symbol.asyncIterator]().next());
  assert.equal(await codeOf(first("../secret.txt")), "FILE_OUTSIDE");
  assert.equal(await codeOf(first("nowhere.txt")), "FILE_NOT_FOUND");
  await symlink(join(base, "secret.txt"), join(files, "leads-out.txt"));
  assert.equal(await codeOf(first("leads-out.txt")), "FILE_OUTSIDE");
  await rm(join(files, "leads-out.txt"));
  await rm(join(files, "large.txt"));
});

test("a stream is written as a whole or not at all, also at the end of a file", async () => {
  async function* pieces(count: number, isBroken = false): AsyncGenerator<Uint8Array> {
    for (let piece = 0; piece < count; piece += 1) yield Buffer.from("0123456789");
    if (isBroken) throw new Error("broken off");
  }
  assert.deepEqual(await area.write("streamed.txt", pieces(3), {}), { path: "streamed.txt", bytes: 30 });
  assert.deepEqual(await area.write("streamed.txt", pieces(2), { append: true }), {
    path: "streamed.txt",
    bytes: 20,
  });
  const before = "0123456789".repeat(5);
  assert.equal(await text("streamed.txt"), before);
  for (const append of [false, true]) {
    assert.equal(await codeOf(area.write("streamed.txt", pieces(200), { append })), "FILE_TOO_LARGE");
    assert.match(await codeOf(area.write("streamed.txt", pieces(3, true), { append })), /broken off/);
    assert.equal(await text("streamed.txt"), before);
  }
  assert.equal(await area.remove("streamed.txt"), true);
});

test("readers of a file that is being replaced see the old or the new one", async () => {
  await put("switch.txt", "a".repeat(900));
  const writing = (async () => {
    for (let i = 0; i < 20; i += 1) await put("switch.txt", (i % 2 === 0 ? "b" : "a").repeat(900));
  })();
  for (let i = 0; i < 40; i += 1) {
    assert.match(await text("switch.txt"), /^(a{900}|b{900})$/);
  }
  await writing;
});

test("lists files of all folders, without links and without what is being written", async () => {
  const place = join(base, "listing");
  const reading = join(base, "listing-read");
  await mkdir(join(place, "sub", "deep"), { recursive: true });
  await mkdir(join(reading, "sub"), { recursive: true });
  const put = (path: string, text = "x") => writeFile(join(base, path), text);
  await put("listing/b.txt", "own");
  await put("listing/sub/c.txt");
  await put("listing/sub/deep/d.txt");
  await put("listing/.0f8fad5b-d9cb-469f-a165-70867728950e.draft");
  await put("listing-read/a.txt");
  await put("listing-read/b.txt", "hidden by the other");
  await put("listing-read/sub/e.txt");
  await symlink(base, join(place, "out"));
  await symlink(join(base, "secret.txt"), join(place, "secret"));
  const both = createFileArea({
    roots: [
      { folder: place, access: "readWrite" },
      { folder: reading, access: "read" },
    ],
  });
  const paths = async (folder: string, deep = false) =>
    (await both.list(folder, { deep, filesMax: 100 })).map((file) => `${file.path} ${file.bytes}`);
  assert.deepEqual(await paths(""), ["a.txt 1", "b.txt 3"]);
  assert.deepEqual(await paths("./sub/"), ["sub/c.txt 1", "sub/e.txt 1"]);
  assert.deepEqual(await paths(".", true), [
    "a.txt 1",
    "b.txt 3",
    "sub/c.txt 1",
    "sub/deep/d.txt 1",
    "sub/e.txt 1",
  ]);
  const code = (folder: string, filesMax = 100) => codeOf(both.list(folder, { filesMax }));
  assert.equal(await code("", 1), "FILES_BOUND");
  assert.equal(await code("nowhere"), "FILE_NOT_FOUND");
  assert.equal(await code("b.txt"), "FILE_IS_NO_FOLDER");
  for (const folder of ["..", "out", "out/files", "/", "/etc", "sub/../.."]) {
    assert.equal(await code(folder), "FILE_OUTSIDE", folder);
  }
});

test("removes files of the area, and nothing else", async () => {
  await put("gone/soon.txt", "x");
  assert.equal(await area.remove("gone/soon.txt"), true);
  assert.equal(await area.remove("gone/soon.txt"), false);
  assert.equal(await area.remove("never/was.txt"), false);
  await writeFile(join(workflow, "kept.csv"), "x");
  assert.equal(await area.remove("kept.csv"), false);
  assert.equal(await text("kept.csv"), "x");
  assert.equal(await codeOf(area.remove("gone")), "FILE_IS_FOLDER");
  for (const path of ["../secret.txt", "link.txt", "folder/secret.txt", "/etc/passwd"]) {
    assert.equal(await codeOf(area.remove(path)), "FILE_OUTSIDE", path);
  }
  assert.equal(await readFile(join(base, "secret.txt"), "utf8"), "secret");
  const readOnly = createFileArea({ roots: [{ folder: workflow, access: "read" }] });
  assert.equal(await codeOf(readOnly.remove("kept.csv")), "FILE_READ_ONLY");
});

test("a file is located for what opens it by itself, by the same rules", async () => {
  await put("data/shop.db", "x");
  assert.equal(await area.locate("data/shop.db", { write: false }), join(files, "data/shop.db"));
  assert.equal(await area.locate("data/new/other.db", { write: true }), join(files, "data/new/other.db"));
  assert.deepEqual(await readdir(join(files, "data")), ["new", "shop.db"]);
  assert.equal(await area.locate("not/there.db", { write: false }), join(files, "not/there.db"));
  await writeFile(join(workflow, "stock.db"), "x");
  assert.equal(await area.locate("stock.db", { write: false }), join(workflow, "stock.db"));
  assert.equal(await area.locate("stock.db", { write: true }), join(files, "stock.db"));
  await symlink(join(base, "secret.txt"), join(files, "data", "link.db"));
  await symlink(base, join(files, "up"));
  for (const path of ["../secret.txt", "/etc/passwd", "data/link.db", "up/secret.txt"])
    for (const write of [false, true])
      assert.equal(await codeOf(area.locate(path, { write })), "FILE_OUTSIDE", path);
});
