// A process of its own that runs "Transform rows" on files of the disk, so that its peak memory is that of the job.
//   node runRows.worker.ts FOLDER CONFIG  ->  {"rows": ..., "seconds": ..., "peakBytes": ...}
import { createReadStream, createWriteStream, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FileRef, JsonObject } from "@auraos/kernel";
import type { ActivityContext } from "@auraos/nodes";
import { rowsNode } from "@auraos/nodes/rows/node.ts";

const [, , folder = ".", configText = "{}"] = process.argv;
const config = JSON.parse(configText) as JsonObject;

const blobs: Pick<ActivityContext["blobs"], "put" | "stream"> = {
  async put(bytes, about) {
    const path = join(folder, "made");
    await pipeline(Readable.from(bytes instanceof Uint8Array ? [bytes] : bytes), createWriteStream(path));
    return { blob: path, ...about, bytes: statSync(path).size };
  },
  stream: (file, range) => createReadStream(file.blob, { highWaterMark: 256 * 1024, ...range }),
};
const fileOf = (name: string): FileRef => ({
  blob: join(folder, name),
  name,
  mimeType: "text/csv",
  bytes: statSync(join(folder, name)).size,
});
const files = { data: fileOf("rows.csv"), other: fileOf("other.csv") };
const context = {
  blobs,
  scratch: folder,
  signal: new AbortController().signal,
} as unknown as ActivityContext;
const call = { config, items: [{ json: {}, files }], inputs: {}, index: 0 };

const startedAt = performance.now();
const outputs = await rowsNode.run?.(
  call as unknown as Parameters<NonNullable<typeof rowsNode.run>>[0],
  context,
);
const seconds = (performance.now() - startedAt) / 1000;
const made = outputs?.main?.items[0]?.json as { rows: number };
const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
console.log(JSON.stringify({ rows: made.rows, seconds, peakBytes: Number(peak ?? 0) * 1024 }));
