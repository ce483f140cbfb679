import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { failureOf } from "../testing.ts";
import { readZip } from "./readZip.ts";
import { writeZip } from "./writeZip.ts";
import { type ZipSource, zipOfBytes } from "./zip.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
/** The archive in pieces of `step` bytes, and never more of it than was asked for. */
const inPieces = (bytes: Uint8Array, step: number): ZipSource => ({
  bytes: bytes.length,
  async *stream(start, end) {
    for (let at = start; at <= Math.min(end, bytes.length - 1); at += step)
      yield bytes.subarray(at, Math.min(at + step, end + 1));
  },
});
const read = async (bytes: Uint8Array, bytesMax = 10_000_000, source = zipOfBytes(bytes)) => {
  const entries = await readZip(source, 100);
  return Promise.all(entries.map(async ({ path, stream }) => [path, text(await buffer(stream(bytesMax)))]));
};

describe("another program", () => {
  const entries = fc.uniqueArray(
    fc.record({
      path: fc.stringMatching(/^[a-zä]{1,8}(\/[a-z]{1,4})?\.txt$/),
      bytes: fc.uint8Array({ maxLength: 300 }),
    }),
    { selector: ({ path }) => path, maxLength: 6 },
  );
  it("reads what is written here", async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (given) => {
        const asStreams = given.map(({ path, bytes }, index) => {
          async function* halves(): AsyncGenerator<Uint8Array> {
            yield bytes.subarray(0, bytes.length / 2);
            yield bytes.subarray(bytes.length / 2);
          }
          return { path, bytes: index % 2 === 0 ? bytes : halves() };
        });
        const made = await writeZip(asStreams, 0);
        const other = unzipSync(made);
        assert.deepEqual(
          Object.keys(other),
          given.map(({ path }) => path),
        );
        for (const { path, bytes } of given)
          assert.deepEqual(Buffer.from(other[path] ?? []), Buffer.from(bytes));
        assert.deepEqual(
          await read(made, 10_000, inPieces(made, 7)),
          given.map(({ path, bytes }) => [path, text(bytes)]),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("writes what is read here", async () => {
    const made = zipSync({
      "a.txt": Buffer.from("a".repeat(5000)),
      sub: { "b.txt": [Buffer.from("b"), { level: 0 }] },
    });
    assert.deepEqual(await read(made), [
      ["a.txt", "a".repeat(5000)],
      ["sub/b.txt", "b"],
    ]);
  });
});

describe("archives made to harm", () => {
  it("are stopped at the bound, also when they lie about their size", async () => {
    const bomb = Buffer.from(zipSync({ x: new Uint8Array(3_000_000) }));
    assert.equal((await failureOf(() => read(bomb, 1000))).code, "ARCHIVE_TOO_LARGE");
    const at = bomb.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    bomb.writeUInt32LE(10, at + 24);
    assert.equal((await failureOf(() => read(bomb, 1000))).code, "ARCHIVE_TOO_LARGE");
  });

  it("and damaged ones are refused, whatever is wrong with them", async () => {
    const good = Buffer.from(zipSync({ "a.txt": Buffer.from("hello hello hello hello") }));
    assert.equal((await failureOf(() => read(Buffer.from("no zip")))).code, "DATA_MALFORMED");
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0xff;
      try {
        await read(bad);
      } catch (error) {
        assert.match(
          (
            await failureOf(() => {
              throw error;
            })
          ).code,
          /DATA_MALFORMED|ARCHIVE_TOO_LARGE/,
          `byte ${at}`,
        );
      }
      await read(good.subarray(0, at)).then(
        () => assert.fail("half an archive"),
        (error) => assert.ok(error.failure, String(error)),
      );
    }
  });

  it("may hold only so many files", async () => {
    const many = await writeZip(
      Array.from({ length: 5 }, (_, n) => ({ path: `${n}`, bytes: new Uint8Array() })),
      0,
    );
    await assert.rejects(readZip(zipOfBytes(many), 4), /more than 4 files/);
  });
});
